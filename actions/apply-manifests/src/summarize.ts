import type { FailedRollout, RollOutResult } from '@prebake/rollout'

interface Told {
  readonly mode: 'apply' | 'verify'
  readonly dryRun: boolean
  readonly snapshotId: string | undefined
  readonly cluster: string
}

/** The job summary, as markdown: the verdict first, then each object. */
export function summarize(result: RollOutResult, told: Told & { readonly seconds: number }): string {
  const { dryRun, mode } = told
  const rows = result.applied.map(
    ({ kind, name, namespace, changed }) => `| ${kind} | ${namespace ?? ''} | \`${name}\` | ${changed ? 'yes' : 'no'} |`,
  )
  const title = mode === 'verify' ? '## Verified rollout' : '## Rollout'
  const table = [`| kind | namespace | name | ${dryRun ? 'would change' : 'changed'} |`, '|---|---|---|---|', ...rows]
  return [title, '', verdictOf(result, told), '', ...table, ''].join('\n')
}

function verdictOf(
  { changed, revision }: RollOutResult,
  { dryRun, mode, snapshotId, cluster, seconds }: Told & { readonly seconds: number },
): string {
  const at = `\`${cluster}\``
  if (dryRun) return `A dry run: ${changed ? 'this would change' : 'nothing would change'} on ${at}.`
  const what = snapshotId === undefined ? 'The manifests' : `**${snapshotId}**`
  const applied = changed ? `rolled out on ${at} in ${seconds} s` : `already rolled out on ${at}; nothing changed`
  return `${what} ${mode === 'verify' ? `serving on ${at}` : applied}${revision === undefined ? '' : `, revision ${revision}`}.`
}

/** What failed, whether it was put back, and the cause chain. */
export function summarizeFailure({ message, rolledBack }: FailedRollout, { snapshotId, cluster }: Told): string {
  const what = snapshotId === undefined ? 'The manifests' : `**${snapshotId}**`
  const now = rolledBack ? 'what served before was put back and serves again' : 'it was not put back'
  const verdict = `${what} failed on \`${cluster}\`; ${now}.`
  return ['## Failed rollout', '', verdict, '', '```', message.replaceAll('```', '` ` `'), '```', ''].join('\n')
}

export function summarizeRendered(files: readonly string[], snapshotId: string | undefined): string {
  const what = snapshotId === undefined ? '' : ` with **${snapshotId}**`
  return ['## Rendered manifests', '', `${files.length} files${what}:`, '', ...files.map((file) => `- \`${file}\``), ''].join('\n')
}
