import { readInputs, setOutputs, writeJsonFile, type ActionContext } from '@prebake/action-kit'
import { pricesOf } from '@prebake/prices'
import { prunedRepositories } from './gather-sources.ts'
import { inputs, outputs } from './inputs.ts'
import { openPlaces } from './open-places.ts'

/** Reads the inputs, opens the places that may name a snapshot, removes what nothing uses, and reports each snapshot with the reason. */
export async function main({ env, signal, reporter, clock }: ActionContext): Promise<void> {
  const given = readInputs(inputs)
  const { keep, olderThan: olderThanMs, dryRun } = given
  const prices = pricesOf(given.prices)
  reporter.info(`${dryRun ? 'Look for' : 'Delete'} snapshots that nothing uses`)
  const { failedPruning, pruneReport, pruneSnapshots, renderPruning } = await import('@prebake/prune')
  const { aws, sources, cluster } = await openPlaces(given, { env, clock }, signal)
  reporter.info(`Places that may name a snapshot: ${sources.map(({ title }) => title).join('; ')}`)

  if (cluster !== undefined) await (await import('@prebake/rollout')).endLostPauses({ cluster, clock, reporter }, signal)
  const request = { keep, olderThanMs, dryRun, prices, repositories: await prunedRepositories(given) }
  const pruning = await pruneSnapshots(request, { own: aws.ownResources, sources, clock, reporter }, signal)

  const report = pruneReport(pruning, prices)
  const idsOf = (...outcomes: readonly string[]) =>
    JSON.stringify(report.snapshots.flatMap(({ snapshotId, outcome }) => (outcomes.includes(outcome) ? [snapshotId] : [])))
  setOutputs(outputs, {
    deleted: idsOf('deleted'),
    deletable: idsOf('to-delete'),
    kept: idsOf('kept', 'in-use', 'not-deleted'),
    'saved-dollars-per-month': report.savedDollarsPerMonth.toFixed(2),
    report: writeJsonFile(`prebake-prune-${report.at.replaceAll(/[^\dT]/g, '')}.json`, report, env),
  })
  for (const { snapshotId, outcome, words } of report.snapshots) reporter.info(`${snapshotId} ${outcome}: ${words}`)
  reporter.summary(renderPruning(pruning, prices))
  const failure = failedPruning(pruning.failures)
  if (failure !== undefined) throw failure
}
