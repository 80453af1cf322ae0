import { waitFor } from '@prebake/kernel'
import { containerdMajor, judgeReaders, tagKeys } from '@prebake/snapshot-record'
import type { BuildPorts, BuildRequest } from './build-request.ts'
import { findSnapshots, nodesOf, type Found } from './find-snapshots.ts'
import type { BuilderState } from './ports/builders.ts'
import type { BuildPlan } from './resolve-plan.ts'
import { isEarlierAttempt } from './run-token.ts'

/** How long what a builder has made may stay unlisted after its end. */
const settleMs = 30_000

/**
 * Waits while another run's builder bakes the same, until its snapshot shows or it has ended without one.
 * @throws TimeoutError after the request's own limit, naming the builder and its run.
 */
export async function awaitOthers(request: BuildRequest, plan: BuildPlan, ports: BuildPorts, signal: AbortSignal): Promise<Found> {
  const { clock, reporter } = ports
  let seenAt: number | undefined
  return waitFor<Found>({
    awaited: 'another run to finish its build of the same content',
    limitMs: request.timeoutMs,
    everyMs: 10_000,
    clock,
    signal,
    onState: (state) => reporter.progress(state),
    hint: 'If that run is dead, terminate its instance; otherwise wait for it. With `rebuild: true` this run bakes beside it.',
    poll: async () => {
      // In this order: a builder is listed for longer after its end than a snapshot is unlisted after its beginning.
      const [other] = await otherBakers(request, plan, ports, signal)
      const found = await findSnapshots(request, plan, ports, signal)
      if (found.reusable !== undefined || found.unfinished !== undefined) return { value: found }
      const now = clock.now().getTime()
      if (other !== undefined) {
        seenAt = now
        return { state: `${other.instanceId} of run ${other.tags[tagKeys.run] ?? 'unknown'} bakes the same content (${other.state})` }
      }
      return seenAt !== undefined && now - seenAt < settleMs ? { state: 'it has ended: looking for its snapshot' } : { value: found }
    },
  })
}

/**
 * Whether another run's builder for the same content was there first: then this one gives way. Of two that were launched within the seconds
 * for which EC2 lists neither, the younger sees the elder once it is online; the elder never gives way.
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
