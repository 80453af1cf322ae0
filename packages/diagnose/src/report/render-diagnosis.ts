import type { Diagnosis } from '../diagnose-startup.ts'
import type { Finding } from '../finding.ts'

const certainties = { 1: 'may', 2: 'likely', 3: 'certain' } as const

/** The diagnosis as markdown: the likeliest cause first, each with what it rests on, what to do, and how to see it by hand. */
export function renderDiagnosis({ workload, pods, leftOver, findings, unread }: Diagnosis): string {
  const counts = [...Map.groupBy(pods, ({ phase }) => phase)].map(([phase, list]) => `${list.length} ${phase}`).join(', ')
  return [
    `## Diagnosis of ${workload}`,
    '',
    `Pods: ${counts || 'none'}.${findings.length === 0 ? ' No rule finds a cause.' : ''}`,
    '',
    ...findings.flatMap(section),
    ...list('Left over from the version before, which is no failure in mid-rollout:', leftOver),
    ...list('Not read, so causes that would show there are not found:', unread),
  ].join('\n')
}

function section({ symptom, cause, remedy, check, evidence, certainty, rule }: Finding, index: number): readonly string[] {
  return [
    `### ${index + 1}. ${cause} (${symptom}, ${certainties[certainty]})`,
    '',
    remedy,
    '',
    ...evidence.map(({ object, text }) => `- ${object}: \`${text.replaceAll('`', "'").slice(0, 300)}\``),
    '',
    `By hand: \`${check}\` (rule \`${rule}\`)`,
    '',
  ]
}

const list = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : [title, ...lines.map((line) => `- ${line}`), '']
