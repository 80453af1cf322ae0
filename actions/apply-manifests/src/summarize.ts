import type { RollOutResult } from '@prebake/rollout'

interface Run {
  readonly seconds: number
  readonly dryRun: boolean
  readonly snapshotId: string | undefined
  readonly cluster: string
}

/** The job summary, as markdown: the verdict first, then each object. */
export function summarize({ changed, applied, revision }: RollOutResult, { seconds, dryRun, snapshotId, cluster }: Run): string {
  const what = snapshotId === undefined ? 'The manifests' : `**${snapshotId}**`
  const at = `\`${cluster}\``
  const verdict = dryRun
    ? `A dry run: ${changed ? 'this would change' : 'nothing would change'} on ${at}.`
    : `${what} ${changed ? `rolled out on ${at} in ${seconds} s` : `already rolled out on ${at}; nothing changed`}${revision === undefined ? '' : `, revision ${revision}`}.`
  const rows = applied.map(
    ({ kind, name, namespace, changed: one }) => `| ${kind} | ${namespace ?? ''} | \`${name}\` | ${one ? 'yes' : 'no'} |`,
  )
  return [
    '## Rollout',
    '',
    verdict,
    '',
    `| kind | namespace | name | ${dryRun ? 'would change' : 'changed'} |`,
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n')
}
