import { unattributed } from '../timeline/phases.ts'
import type { Timeline } from '../timeline/timeline.ts'
import { code, seconds, table } from './markdown-table.ts'

/** One row for each new pod. Below: how far the pods came that never became Ready, and why torch.compile's cache missed. */
export function podTable(pods: readonly Timeline[]): string {
  if (pods.length === 0) return 'No new pod was seen.'
  const rows = pods.map((pod) => [
    code(pod.pod),
    pod.node === undefined ? 'none' : `${code(pod.node)}${pod.newNode ? ', new' : ''}`,
    pod.ready ? seconds(pod.readyAfterSeconds) : `**not Ready**, in ${pod.lastPhase}${forSeconds(pod)}`,
    seconds(pod.startupSeconds),
    longest(pod),
    seconds(pod.rows.filter(({ phase }) => phase === unattributed).reduce((sum, row) => sum + row.seconds, 0)),
  ])
  const notes = [...pods.filter(({ ready }) => !ready).map(notReady), ...compileMisses(pods)]
  const headings = ['pod', 'node', 'Ready after', 'created to Ready', 'longest phase', unattributed]
  return [table(headings, rows, 2), ...(notes.length > 0 ? [notes.join('\n')] : [])].join('\n\n')
}

function forSeconds({ underWay }: Timeline): string {
  return underWay === undefined ? '' : ` for ${seconds(underWay.seconds)}`
}

function notReady({ pod, lastSeen, underWay }: Timeline): string {
  const { waitsFor, step, progress, lastLine } = underWay ?? {}
  const details = [step, progress].filter((detail) => detail !== undefined)
  const waits = waitsFor === undefined ? '' : ` It waits for ${waitsFor}${details.length > 0 ? ` (${details.join(', ')})` : ''}.`
  const last = lastLine === undefined ? '' : ` The last line of its log: ${code(lastLine)}`
  return `- ${code(pod)}: ${lastSeen === undefined ? 'no warning' : code(lastSeen)}.${waits}${last}`
}

/** Pods of one snapshot miss for the same reason, which is shown once. */
function compileMisses(pods: readonly Timeline[]): readonly string[] {
  const misses = pods.flatMap(({ pod, compileMisses: reasons = [] }) => reasons.map((reason) => ({ pod, reason })))
  return [...Map.groupBy(misses, ({ reason }) => reason)].map(
    ([reason, same]) => `- The compile cache was missed by ${same.map(({ pod }) => code(pod)).join(', ')}: ${code(reason)}`,
  )
}

function longest({ rows }: Timeline): string {
  const [row] = rows.toSorted((a, b) => b.seconds - a.seconds)
  return row === undefined ? '' : `${row.phase} ${seconds(row.seconds)}`
}
