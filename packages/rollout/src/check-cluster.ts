import { InputError, mapAbreast, ServiceError, type Problem } from '@prebake/kernel'
import { applyOrder, type KubernetesObject, type Manifest, placeOf, referenceTo, sameContent, titleOf } from '@prebake/manifests'
import { preflightProblems } from '@prebake/preflight'
import type { RollOutPorts, RollOutRequest } from './roll-out-request.ts'
import { settleNamespaces } from './settle-namespaces.ts'

/** A manifest that the API server would take. */
export interface PlannedApply {
  /** As given, with a namespace where its kind has them. */
  readonly manifest: Manifest
  /** The object as it was; undefined where it is new. */
  readonly before: KubernetesObject | undefined
  /** The object as the dry run made it; undefined where that could not be tried. */
  readonly after: KubernetesObject | undefined
  /** Whether applying it would change anything. */
  readonly changes: boolean
}

/** Each answer takes a round trip or two, which from a runner are 50 ms or more; so few do not burden an API server. */
const checksAtOnce = 8

/**
 * Asks the API server about every document before any is applied, so that a set of which one is refused changes nothing: whether it knows the
 * kind, what the preflight has against it, and what a dry run makes of it (strict validation, conflicts, permissions, a namespace that is not there).
 * @returns the documents in the order in which they are to be applied.
 * @throws InputError with all that is refused; PrebakeError when the cluster cannot be reached.
 */
export async function checkCluster(request: RollOutRequest, ports: RollOutPorts, signal: AbortSignal): Promise<readonly PlannedApply[]> {
  const { cluster, reporter } = ports
  reporter.info(`Kubernetes ${await cluster.version(signal)} at ${cluster.address}`)
  const manifests = applyOrder(await settleNamespaces(request.manifests, request.namespace, cluster, signal))

  const found = await preflightProblems({ manifests, snapshotId: request.snapshotId }, ports, signal)
  const newNamespaces = new Set<string>()
  const check = async (manifest: Manifest): Promise<PlannedApply | Problem> => {
    const { document } = manifest
    try {
      const before = await cluster.get(referenceTo(document), signal)
      if (document.kind === 'Namespace' && before === undefined) newNamespaces.add(document.metadata.name)
      // What goes into a namespace that is itself new cannot be tried.
      const untried = newNamespaces.has(document.metadata.namespace ?? '')
      const after = untried ? undefined : await tryApply(document, request.force, ports, signal)
      const changes = before === undefined || after === undefined || !sameContent(before, after)
      return { manifest, before, after, changes }
    } catch (error) {
      return refusal(manifest, error)
    }
  }
  // A dry run changes nothing, so one need not wait for the other; but which namespaces are new must be known before.
  const namespaces = manifests.findLastIndex(({ document }) => document.kind === 'Namespace') + 1
  const checked = [
    ...(await mapAbreast(manifests.slice(0, namespaces), checksAtOnce, check)),
    ...(await mapAbreast(manifests.slice(namespaces), checksAtOnce, check)),
  ]
  const problems = [...found, ...checked.filter((each): each is Problem => 'wrong' in each)]
  if (problems.length > 0) throw new InputError(problems)
  return checked.filter((each): each is PlannedApply => 'changes' in each)
}

/** The object as it would be; undefined where an admission webhook refuses every dry run. */
export async function tryApply(
  document: KubernetesObject,
  force: boolean,
  { cluster }: Pick<RollOutPorts, 'cluster'>,
  signal: AbortSignal,
): Promise<KubernetesObject | undefined> {
  try {
    return await cluster.apply(document, { dryRun: true, force }, signal)
  } catch (error) {
    // An admission webhook with side effects refuses every dry run, in these words; the apply itself will tell.
    if (error instanceof ServiceError && error.message.includes('does not support dry run')) return undefined
    throw error
  }
}

/** A refusal of this document. Whatever concerns the connection or the server as such is thrown on. */
export function refusal(manifest: Manifest, error: unknown): Problem {
  if (!(error instanceof ServiceError) || error.status === undefined || ![400, 403, 404, 409, 422].includes(error.status)) throw error
  const wrong = `${titleOf(manifest.document)} is refused: ${error.message.replace(/\.?$/, '.')}`
  return { input: placeOf(manifest), wrong, remedy: error.hint ?? 'Correct the document.' }
}
