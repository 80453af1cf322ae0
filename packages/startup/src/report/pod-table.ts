import { unattributed } from '../timeline/phases.ts'
import type { Timeline } from '../timeline/timeline.ts'
import { code, seconds, table } from './markdown-table.ts'

/** More rows leave no room for the rest of a comment. */
const mostRows = 50
const mostNotes = 5
const mostReasons = 2

/** One row for each new pod; of very many, those that were Ready last. */
export function podTable(pods: readonly Timeline[]): string {
  if (pods.length === 0) return 'No new pod was seen.'
  const shown =
    pods.length <= mostRows
      ? pods
      : pods.toSorted((a, b) => (b.readyAfterSeconds ?? Infinity) - (a.readyAfterSeconds ?? Infinity)).slice(0, mostRows)
  const rows = shown.map((pod) => [
    code(pod.pod),
    pod.node === undefined ? 'none' : `${code(pod.node)}${pod.newNode ? ', new' : ''}`,
    pod.ready ? seconds(pod.readyAfterSeconds) : `**not Ready**, in ${pod.lastPhase}${forSeconds(pod)}`,
    firstToken(pod),
    seconds(pod.startupSeconds),
    longest(pod),
    seconds(pod.rows.filter(({ phase }) => phase === unattributed).reduce((sum, row) => sum + row.seconds, 0)),
  ])
  const headings = ['pod', 'node', 'Ready after', 'first token after', 'created to Ready', 'longest phase', unattributed]
  const rest = pods.length - shown.length
  return [table(headings, rows, 2), ...(rest > 0 ? [`${rest} more pods, which were Ready earlier, are in the report.`] : [])].join('\n\n')
}

/** How far the pods came that never became Ready, and why torch.compile's cache missed: a line each. */
export function podNotes(pods: readonly Timeline[]): readonly string[] {
  const stuck = pods.filter(({ ready }) => !ready)
  const rest = stuck.length - mostNotes
  return [
    ...stuck.slice(0, mostNotes).map(notReady),
    ...(rest > 0 ? [`- ${rest} more pods that did not become Ready are in the report.`] : []),
    ...compileMisses(pods),
  ]
}

function firstToken({ firstToken: token }: Timeline): string {
  if (token === undefined) return '–'
  return 'notMeasured' in token ? 'not measured' : seconds(token.afterScaleSeconds)
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

/** Pods of one snapshot miss for the same reason, which is shown once, whatever the key of its own in the path of each. */
function compileMisses(pods: readonly Timeline[]): readonly string[] {
  const misses = pods.flatMap(({ pod, compileMisses: reasons = [] }) =>
    reasons.map((reason) => ({ pod, reason: reason.replaceAll(/\b[0-9a-f]{32,}\b/g, '…') })),
  )
  const byReason = [...Map.groupBy(misses, ({ reason }) => reason)]
  const rest = byReason.length - mostReasons
  return [
    ...byReason
      .slice(0, mostReasons)
      .map(([reason, same]) => `- The compile cache was missed by ${names(same.map(({ pod }) => pod))}: ${code(reason)}`),
    ...(rest > 0 ? [`- ${rest} more reasons for a missed compile cache are in the report.`] : []),
  ]
}

function names(pods: readonly string[]): string {
  const rest = pods.length - mostNotes
  return [...pods.slice(0, mostNotes).map(code), ...(rest > 0 ? [`${rest} more`] : [])].join(', ')
}

function longest({ rows }: Timeline): string {
  const [row] = rows.toSorted((a, b) => b.seconds - a.seconds)
  return row === undefined ? '' : `${row.phase} ${seconds(row.seconds)}`
}
