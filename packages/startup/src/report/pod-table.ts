import { unattributed } from '../timeline/phases.ts'
import type { Timeline } from '../timeline/timeline.ts'
import { code, seconds, table } from './markdown-table.ts'

/** One line for each new pod, also for one that never became Ready: what that one said last stands below. */
export function podTable(pods: readonly Timeline[]): string {
  if (pods.length === 0) return 'No new pod was seen.'
  const rows = pods.map((pod) => [
    code(pod.pod),
    pod.node === undefined ? 'none' : `${code(pod.node)}${pod.newNode ? ', new' : ''}`,
    pod.ready ? seconds(pod.readyAfterSeconds) : `**not Ready**, in ${pod.lastPhase}`,
    seconds(pod.startupSeconds),
    longest(pod),
    seconds(pod.rows.filter(({ phase }) => phase === unattributed).reduce((sum, row) => sum + row.seconds, 0)),
  ])
  const failed = pods.filter(({ ready }) => !ready).map(({ pod, lastSeen }) => `- ${code(pod)}: ${lastSeen ?? 'nothing said'}`)
  const headings = ['pod', 'node', 'Ready after', 'created to Ready', 'longest phase', unattributed]
  return [table(headings, rows, 2), ...(failed.length > 0 ? [failed.join('\n')] : [])].join('\n\n')
}

function longest({ rows }: Timeline): string {
  const [row] = rows.toSorted((a, b) => b.seconds - a.seconds)
  return row === undefined ? '' : `${row.phase} ${seconds(row.seconds)}`
}
