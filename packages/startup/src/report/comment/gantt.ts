import { groupOf, phaseGroups, type PhaseGroupId } from '../../timeline/phase-groups.ts'
import type { Timeline } from '../../timeline/timeline.ts'
import { runsOf, type BenchmarkReport } from '../benchmark.ts'

/** More bars are hard to read in a comment; the page has all pods. */
const mostPods = 6
const shortestMs = 500

/** Mermaid's gantt chart with one line a pod (https://mermaid.js.org/syntax/gantt.html); of many pods the first, the middle and the last to be Ready. */
export function gantt(benchmark: BenchmarkReport): readonly string[] {
  const arms = (['candidate', 'baseline'] as const).map((arm) => ({
    arm,
    pods: byReady(runsOf(benchmark, arm).flatMap(({ pods }) => pods)),
  }))
  const both = arms.every(({ pods }) => pods.length > 0)
  const sections = arms.flatMap(({ arm, pods }) =>
    pick(pods, both ? mostPods / 2 : mostPods).flatMap((pod) => [`  section ${both ? `${arm} ` : ''}${plain(pod.pod)}`, ...bars(pod)]),
  )
  if (sections.length === 0) return []
  return [
    '```mermaid\n---\ndisplayMode: compact\n---\ngantt\n  dateFormat x\n  axisFormat %M:%S\n  todayMarker off\n' +
      sections.join('\n') +
      '\n```',
  ]
}

/** Neighbouring rows of one group are one bar. */
function bars({ rows, firstToken, readyAfterSeconds }: Timeline): readonly string[] {
  const merged: { group: PhaseGroupId; startMs: number; endMs: number }[] = []
  // Mermaid leaves less than a pixel of what is shorter.
  for (const { phase, startMs, endMs } of rows.filter((row) => row.endMs - row.startMs >= shortestMs)) {
    const last = merged.at(-1)
    if (last?.group === groupOf(phase)) last.endMs = endMs
    else merged.push({ group: groupOf(phase), startMs, endMs })
  }
  const readyMs = (readyAfterSeconds ?? NaN) * 1000
  const tokenMs = firstToken !== undefined && 'afterScaleSeconds' in firstToken ? firstToken.afterScaleSeconds * 1000 : NaN
  return [
    ...merged.map(({ group, startMs, endMs }, index) => bar(nameOf(group), index % 2 === 0 ? '' : 'active, ', startMs, endMs)),
    ...(tokenMs > readyMs ? [bar('first token', 'crit, ', readyMs, Math.max(tokenMs, readyMs + shortestMs))] : []),
  ]
}

function bar(name: string, look: string, startMs: number, endMs: number): string {
  return `  ${name} :${look}${Math.round(startMs)}, ${Math.round(endMs)}`
}

function nameOf(group: PhaseGroupId): string {
  return phaseGroups.find(({ id }) => id === group)?.name ?? group
}

function byReady(pods: readonly Timeline[]): readonly Timeline[] {
  return pods.toSorted((a, b) => (a.readyAfterSeconds ?? Infinity) - (b.readyAfterSeconds ?? Infinity))
}

function pick(pods: readonly Timeline[], most: number): readonly Timeline[] {
  if (pods.length <= most) return pods
  return Array.from({ length: most }, (_, index) => pods[Math.round((index * (pods.length - 1)) / (most - 1))]!)
}

/** Pod names have nothing else; whatever else comes could end the line or the block. */
function plain(text: string): string {
  return text.replaceAll(/[^\w.-]/g, '_')
}
