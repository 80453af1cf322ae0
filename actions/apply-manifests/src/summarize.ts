import type { FailedRollout, RollOutResult } from '@prebake/rollout'

export interface SummaryContext {
  readonly mode: 'apply' | 'verify'
  readonly dryRun: boolean
  readonly snapshotId: string | undefined
  readonly cluster: string
}

/** The job summary, as markdown: the verdict first, then each object. */
export function summarize(result: RollOutResult, context: SummaryContext & { readonly seconds: number }): string {
  const { dryRun, mode } = context
  const rows = result.applied.map(
    ({ kind, name, namespace, changed }) => `| ${kind} | ${namespace ?? ''} | \`${name}\` | ${changed ? 'yes' : 'no'} |`,
  )
  const isProven = result.unproven.length === 0
  const title = `## ${mode === 'verify' ? 'Verified rollout' : 'Rollout'}${isProven ? '' : ', not proven'}`
  const doubts = isProven ? [] : ['What serves was not seen to be what was applied:', ...result.unproven.map((line) => `- ${line}`), '']
  const table = [`| kind | namespace | name | ${dryRun ? 'would change' : 'changed'} |`, '|---|---|---|---|', ...rows]
  return [title, '', verdictOf(result, context), '', ...doubts, ...table, ''].join('\n')
}

function verdictOf(
  { changed, revision, unproven }: RollOutResult,
  { dryRun, mode, snapshotId, cluster, seconds }: SummaryContext & { readonly seconds: number },
): string {
  const at = `\`${cluster}\``
  if (dryRun) return `Dry run: ${changed ? 'this would change' : 'nothing would change'} on ${at}.`
  if (unproven.length > 0)
    return `${subjectOf(snapshotId)} ${mode === 'verify' ? 'is applied' : 'applied'} on ${at}, **not proven to serve**.`
  const applied = changed ? `rolled out on ${at} in ${seconds} s` : `already rolled out on ${at}; nothing changed`
  return `${subjectOf(snapshotId)} ${mode === 'verify' ? `serving on ${at}` : applied}${revision === undefined ? '' : `, revision ${revision}`}.`
}

/** What failed, whether it was rolled back, and the causes. */
export function summarizeFailure({ message, rolledBack }: FailedRollout, { snapshotId, cluster }: SummaryContext): string {
  const outcome = rolledBack ? 'rolled back; what served before serves again' : 'not rolled back'
  const verdict = `${subjectOf(snapshotId)} failed on \`${cluster}\`: ${outcome}.`
  return ['## Failed rollout', '', verdict, '', '```', message.replaceAll('```', '` ` `'), '```', ''].join('\n')
}

export function summarizeRendered(files: readonly string[], snapshotId: string | undefined): string {
  const what = snapshotId === undefined ? '' : ` with **${snapshotId}**`
  return ['## Rendered manifests', '', `${files.length} files${what}:`, '', ...files.map((file) => `- \`${file}\``), ''].join('\n')
}

function subjectOf(snapshotId: string | undefined): string {
  return snapshotId === undefined ? 'The manifests' : `**${snapshotId}**`
}
