import { waitFor } from '@prebake/kernel'
import type { BuildPorts, BuildRequest } from './build-request.ts'
import type { BuilderState } from './ports/builders.ts'
import { findSnapshots, type Found } from './find-snapshots.ts'
import { levelFor, tagKeys } from './tags.ts'

/** How long what a builder has made may stay unlisted after its end. */
const settleMs = 30_000

/**
 * Waits while another run's builder bakes the same, until its snapshot shows or it has ended without one.
 * @throws TimeoutError after the request's own limit, naming the builder and its run.
 */
export async function awaitOthers(
  fingerprint: string,
  request: BuildRequest,
  { builders, snapshots, clock, reporter }: BuildPorts,
  signal: AbortSignal,
): Promise<Found> {
  let seenAt: number | undefined
  return waitFor<Found>({
    awaited: 'another run, which bakes the same',
    limitMs: request.timeoutMs,
    everyMs: 10_000,
    clock,
    signal,
    onState: (state) => reporter.progress(state),
    hint: 'If that run is dead, terminate its instance; otherwise wait for it. With `rebuild: true` this run bakes beside it.',
    look: async () => {
      // In this order: a builder is listed for longer after its end than a snapshot is unlisted after its beginning.
      const [other] = await bakersOf(fingerprint, request, builders, signal)
      const found = await findSnapshots(fingerprint, levelFor(request), { snapshots }, signal)
      if (found.reusable !== undefined || found.unfinished !== undefined) return { value: found }
      const now = clock.now().getTime()
      if (other !== undefined) {
        seenAt = now
        return { state: `${other.instanceId} of run ${other.tags[tagKeys.run] ?? 'unknown'} bakes the same (${other.state})` }
      }
      return seenAt !== undefined && now - seenAt < settleMs ? { state: 'it has ended: looking for its snapshot' } : { value: found }
    },
  })
}

/**
 * Whether another run's builder for the same was there first: then this one gives way. Of two that were launched within the seconds
 * for which EC2 lists neither, the younger sees the elder once it is online; the elder never gives way.
 */
export async function isYounger(
  instanceId: string,
  fingerprint: string,
  request: BuildRequest,
  { builders }: Pick<BuildPorts, 'builders'>,
  signal: AbortSignal,
): Promise<boolean> {
  const [others, own] = await Promise.all([bakersOf(fingerprint, request, builders, signal), builders.look(instanceId, signal)])
  return own !== undefined && others.some((other) => order(other) < order(own))
}

/** Launch times have whole seconds; the ID decides between equal ones. */
const order = ({ launchedAt, instanceId }: BuilderState): string => `${launchedAt.toISOString()} ${instanceId}`

/** Other runs' builders for the same content whose time is not over. */
async function bakersOf(
  fingerprint: string,
  { runToken }: BuildRequest,
  builders: BuildPorts['builders'],
  signal: AbortSignal,
): Promise<readonly BuilderState[]> {
  const found = await builders.find({ [tagKeys.purpose]: 'bake', [tagKeys.fingerprint]: fingerprint }, signal)
  return found.filter(({ tags }) => tags[tagKeys.run] !== runToken)
}
