import { pricesRead, type Prices } from '@prebake/prices'
import { tagKeys } from '@prebake/snapshot-record'
import type { Pruning } from '../prune-snapshots.ts'
import type { Verdict } from '../verdict.ts'
import { outcomeOf, wordsOf, type SnapshotOutcome } from './prune-report.ts'
import { monthlyDollars, savedMonthlyDollars } from './savings.ts'

const labels: Readonly<Record<SnapshotOutcome, string>> = {
  kept: 'keep',
  'to-delete': '**would delete**',
  deleted: '**deleted**',
  'in-use': 'in use',
  'not-deleted': '**not deleted**',
}

/** The job summary, as markdown: what it saves first, then each snapshot with the reason, then the rest. */
export function renderPruning(pruning: Pruning, prices?: Prices): string {
  const { dryRun, verdicts, unread, leftovers, failures, disabled } = pruning
  const gone = verdicts.filter((verdict) => ['deleted', 'to-delete'].includes(outcomeOf(verdict, pruning))).length
  const count = `${gone} of ${verdicts.length} snapshots ${dryRun ? 'would be deleted' : 'deleted'}`
  const saved = `${count}, ${dollars(savedMonthlyDollars(pruning, prices))} a month${dryRun ? ' less' : ' saved'}.`
  const advice = dryRun && gone > 0 ? ' Set `dry-run: false` to delete them.' : ''
  const restores =
    disabled.length === 0
      ? []
      : [`Fast Snapshot Restore turned off: ${disabled.map((each) => `${each.snapshotId} in ${each.zone}`).join(', ')}.`, '']
  return [
    `## Pruned snapshots${dryRun ? ' (dry run)' : ''}`,
    '',
    `${saved}${advice}`,
    '',
    ...list(
      'Not read, so nothing that they may name is deleted:',
      unread.map(({ title, reason }) => `${title}: ${reason}`),
    ),
    ...list(
      'Failed:',
      failures.map(({ tried, error }) => `${tried}: ${error.message}`),
    ),
    ...restores,
    ...list(
      'Removed, left behind by lost runs:',
      leftovers.map(({ id, words }) => `\`${id}\`: ${words}`),
    ),
    ...(verdicts.length === 0 ? ['No snapshot has the tag `prebake:run`.', ''] : table(pruning, prices)),
    `List prices of us-east-1, read on ${pricesRead}; the input \`prices\` changes them. Storage is at most what the table says.`,
    '',
  ].join('\n')
}

function table(pruning: Pruning, prices: Prices | undefined): readonly string[] {
  const row = (verdict: Verdict) => {
    const { snapshotId, startedAt, tags, storedGiB, volumeSizeGiB } = verdict.snapshot
    const size = storedGiB === undefined ? `≤ ${volumeSizeGiB} GiB` : `${storedGiB.toFixed(1)} GiB`
    const model = `${tags[tagKeys.model] ?? '–'} ${tags[tagKeys.architecture] ?? ''}`.trim()
    const cells = [
      `\`${snapshotId}\``,
      model,
      startedAt.toISOString().slice(0, 10),
      size,
      dollars(monthlyDollars(verdict, pruning, prices)),
    ]
    return `| ${[...cells, labels[outcomeOf(verdict, pruning)], wordsOf(verdict, pruning)].map(cell).join(' | ')} |`
  }
  return ['| snapshot | model | made | stored | a month | | why |', '|---|---|---|---:|---:|---|---|', ...pruning.verdicts.map(row), '']
}

const list = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : [title, ...lines.map((line) => `- ${cell(line)}`), '']
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll(/\s*\n\s*/g, ' ')
const dollars = (amount: number): string => `$${amount.toFixed(2)}`
