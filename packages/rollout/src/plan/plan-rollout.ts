import { InputError, mapConcurrently, type Problem, type Reporter } from '@prebake/kernel'
import { applyOrder, diffObjects, referenceTo, sameContent, titleOf, type Manifest } from '@prebake/manifests'
import { preflight, reportPreflight } from '@prebake/preflight'
import type { RollOutPorts, RollOutRequest } from '../roll-out-request.ts'
import { defaultNamespaces } from './default-namespaces.ts'
import { dryRun, refusalOf } from './dry-run.ts'
import { findKeptFields } from './find-kept-fields.ts'
import { findStranded } from './find-stranded.ts'
import type { PlannedApply } from './planned-apply.ts'

/** Each answer takes a round trip or two, which from a runner are 50 ms or more; this few do not burden an API server. */
const checksAtOnce = 8

/**
 * Asks the API server about every document before any is applied, so that a set of which one is refused changes nothing: whether it knows the
 * kind, what the preflight finds, what a dry run makes of it (strict validation, conflicts, permissions, a missing namespace), and whether its pods would move.
 * @returns the documents in the order in which they are to be applied.
 * @throws InputError with all that is refused; PrebakeError when the cluster cannot be reached.
 */
export async function planRollout(request: RollOutRequest, ports: RollOutPorts, signal: AbortSignal): Promise<readonly PlannedApply[]> {
  const { cluster, reporter } = ports
  reporter.info(`Kubernetes ${await cluster.version(signal)} at ${cluster.address}`)
  const manifests = applyOrder(await defaultNamespaces(request.manifests, request.namespace, cluster, signal))

  const { snapshotId, ignoreRules } = request
  const found = reportPreflight(await preflight({ manifests, snapshotId, ignoreRules }, ports, signal), reporter)
  const newNamespaces = new Set<string>()
  const check = async (manifest: Manifest): Promise<PlannedApply | Problem> => {
    const { document } = manifest
    try {
      const before = await cluster.get(referenceTo(document), signal)
      if (document.kind === 'Namespace' && before === undefined) newNamespaces.add(document.metadata.name)
      // A dry run fails for an object whose namespace is itself new.
      const isInNewNamespace = newNamespaces.has(document.metadata.namespace ?? '')
      const after = isInNewNamespace ? undefined : await dryRun(document, request.force, ports, signal)
      const changes = before === undefined || after === undefined || !sameContent(before, after)
      return { manifest, before, after, changes }
    } catch (error) {
      return refusalOf(manifest, error)
    }
  }
  // Dry runs change nothing, so none has to wait for another; but which namespaces are new must be known before.
  const namespaces = manifests.findLastIndex(({ document }) => document.kind === 'Namespace') + 1
  const checked = [
    ...(await mapConcurrently(manifests.slice(0, namespaces), checksAtOnce, check)),
    ...(await mapConcurrently(manifests.slice(namespaces), checksAtOnce, check)),
  ]
  const planned = checked.filter((each): each is PlannedApply => 'changes' in each)
  const refused = checked.filter((each): each is Problem => 'wrong' in each)
  const problems = [...found, ...refused, ...findKeptFields(planned, ports), ...(await findStranded(planned, ports, signal))]
  if (problems.length > 0) throw new InputError(problems)
  return planned
}

/** Says what applying would do, with a line for each field that would change. */
export function reportPlan(planned: readonly PlannedApply[], reporter: Pick<Reporter, 'info'>): void {
  for (const { manifest, before, after, changes } of planned) {
    const outcome = before === undefined ? 'would be created' : changes ? 'would be changed' : 'would not change'
    reporter.info(`${titleOf(manifest.document)} ${outcome}`)
    if (before !== undefined && after !== undefined) for (const line of diffObjects(before, after)) reporter.info(`  ${line}`)
  }
}
