/** `pnpm prune-snapshots`: shows which snapshots nothing uses, and with `--dry-run false` deletes them. */
import { failedPruning, pruneSnapshots, renderPruning } from '@prebake/prune'
import { pricesOf } from '@prebake/prices'
import { endLostPauses } from '@prebake/rollout'
import { prunedRepositories } from '@prebake/prune-snapshots/gather-sources'
import { inputs } from '@prebake/prune-snapshots/inputs'
import { openPlaces } from '@prebake/prune-snapshots/open-places'
import { runActionProgram } from './src/run/run-action-program.ts'

await runActionProgram({
  name: 'prune-snapshots',
  about:
    'Shows which snapshots nothing uses, why, and what that would save; deletes them with --dry-run false. Removes what lost runs left behind.',
  inputs,
  // A terminal has no token for variables; `--repositories` names those whose snapshots may go.
  defaults: { 'variable-scope': 'none' },
  async work(given, { env, clock, reporter }, signal) {
    const { keep, olderThan: olderThanMs, dryRun } = given
    const prices = pricesOf(given.prices)
    const { aws, sources, cluster } = await openPlaces(given, { env, clock }, signal)
    if (cluster !== undefined) await endLostPauses({ cluster, clock, reporter }, signal)
    const request = { keep, olderThanMs, dryRun, prices, repositories: await prunedRepositories(given) }
    const pruning = await pruneSnapshots(request, { own: aws.ownResources, sources, clock, reporter }, signal)
    reporter.summary(renderPruning(pruning, prices))
    const failure = failedPruning(pruning.failures)
    if (failure !== undefined) throw failure
  },
})
