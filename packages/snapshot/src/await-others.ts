import { waitFor } from '@prebake/kernel'
import { containerdMajor, judgeReaders, tagKeys } from '@prebake/snapshot-record'
import type { SnapshotErrorCode } from './error-codes.ts'
import type { BuildPorts, BuildRequest } from './build-request.ts'
import { findSnapshots, nodesOf, type Found } from './find-snapshots.ts'
import type { BuilderState } from './ports/builders.ts'
import type { BuildPlan } from './resolve-plan.ts'
import { isEarlierAttempt } from './run-token.ts'

/** How long a builder's snapshot may stay unlisted after the builder has ended. */
const settleMs = 30_000

/**
 * Waits while a concurrent run's builder bakes the same content, until its snapshot is listed or the builder has ended without one.
 * @throws TimeoutError after the request's own limit, naming the builder and its run
 */
export async function awaitOthers(request: BuildRequest, plan: BuildPlan, ports: BuildPorts, signal: AbortSignal): Promise<Found> {
  const { clock, reporter } = ports
  let seenAt: number | undefined
  return waitFor<Found>({
    awaited: 'a concurrent run to finish its build of the same content',
    code: 'concurrent-build-timeout' satisfies SnapshotErrorCode,
    limitMs: request.timeoutMs,
    everyMs: 10_000,
    clock,
    signal,
    onState: (state) => reporter.progress(state),
    hint: 'If that run is dead, terminate its instance; otherwise wait for it. With `rebuild: true` this run bakes in parallel.',
    poll: async () => {
      // In this order: a builder stays listed for longer after its end than a new snapshot stays unlisted.
      const [other] = await otherBakers(request, plan, ports, signal)
      const found = await findSnapshots(request, plan, ports, signal)
      if (found.reusable !== undefined || found.unfinished !== undefined) return { value: found }
      const now = clock.now().getTime()
      if (other !== undefined) {
        seenAt = now
        return { state: `${other.instanceId} of run ${other.tags[tagKeys.run] ?? 'unknown'} is baking the same content (${other.state})` }
      }
      return seenAt !== undefined && now - seenAt < settleMs ? { state: 'it has ended, waiting for its snapshot' } : { value: found }
    },
  })
}

/**
 * Whether a concurrent run launched its builder for the same content first, so that this run yields to it. If both were launched within the seconds in
 * which EC2 lists neither, the younger builder sees the older one once it is online. The older one never yields.
 */
export async function isYounger(
  instanceId: string,
  request: BuildRequest,
  plan: BuildPlan,
  ports: Pick<BuildPorts, 'builders'>,
  signal: AbortSignal,
): Promise<boolean> {
  const [others, own] = await Promise.all([otherBakers(request, plan, ports, signal), ports.builders.get(instanceId, signal)])
  return own !== undefined && others.some((other) => order(other) < order(own))
}

/** Launch times have whole seconds; the ID decides between equal ones. */
const order = ({ launchedAt, instanceId }: BuilderState): string => `${launchedAt.toISOString()} ${instanceId}`

/** Live runs' builders for the same content, on a release that this run's nodes can read. */
async function otherBakers(
  request: BuildRequest,
  plan: BuildPlan,
  { builders }: Pick<BuildPorts, 'builders'>,
  signal: AbortSignal,
): Promise<readonly BuilderState[]> {
  const found = await builders.find({ [tagKeys.purpose]: 'bake', [tagKeys.fingerprint]: plan.fingerprint }, signal)
  return found.filter(({ tags }) => {
    const { [tagKeys.run]: run, [tagKeys.bottlerocket]: bottlerocket, [tagKeys.kubernetes]: kubernetes } = tags
    if (run === request.runToken || isEarlierAttempt(run ?? '', request.runToken)) return false
    const written = { bottlerocket, containerd: containerdMajor({ bottlerocket, kubernetes })?.toString(), images: plan.recipe.images }
    const verdict = judgeReaders(nodesOf(request, plan), written)
    return verdict === 'can-read' || verdict === 'unknown'
  })
}
