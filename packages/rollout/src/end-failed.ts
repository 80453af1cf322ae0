import { CancelledError, PrebakeError } from '@prebake/kernel'
import type { Applied } from './apply-planned.ts'
import type { Holds } from './hold/holds.ts'
import { type KubernetesObject, titleOf } from '@prebake/manifests'
import { putBack } from './put-back/put-back.ts'
import { rejectSnapshots } from './put-back/reject-snapshots.ts'
import { prove } from './prove/prove.ts'
import type { RollOutPorts, RollOutRequest } from './roll-out-request.ts'
import { FailedRollout, SupersededError } from './rollout-errors.ts'

/** For the old pods to be there again. Most of them have never gone; a node that must come anew takes minutes. */
const putBackLimitMs = 15 * 60_000

/**
 * Ends a rollout that has failed: what was changed is put back and proven, its snapshot is marked; no NodePool stays held.
 * @param applied what was applied before it failed.
 * @returns the error to be thrown: the first one, with what became of it. A cancel stays one: there is no time for more, and `post` ends the holds.
 */
export async function endFailed(
  error: unknown,
  applied: readonly Applied[],
  holds: Holds,
  request: RollOutRequest,
  ports: RollOutPorts,
  signal: AbortSignal,
): Promise<unknown> {
  if (signal.aborted || error instanceof CancelledError) return error
  const changed = applied.filter(
    (each): each is Applied & { readonly before: KubernetesObject } => each.changed && each.before !== undefined,
  )
  const added = applied.filter(({ before }) => before === undefined).map(({ object }) => titleOf(object))
  const stays = added.length > 0 ? ` What is new stays: ${added.join(', ')}.` : ''
  const failed = (words: string, rolledBack = false) => withWords(error, words, rolledBack)
  try {
    if (error instanceof SupersededError || applied.length === 0) {
      await holds.release(signal)
      return error
    }
    if (changed.length === 0) {
      await holds.release(signal)
      return failed(added.length > 0 ? `Nothing that was there before was changed, so there is nothing to put back.${stays}` : '')
    }
    if (!request.rollback) {
      await holds.release(signal)
      return failed(`What was applied stays: ${changed.map(({ object }) => titleOf(object)).join(', ')}.${stays}`)
    }
    await ports.reporter.group('Put back what served before', async () => {
      ports.reporter.warning(messageOf(error))
      const objects = await putBack(changed, { holds, force: request.force }, ports, signal)
      const deadline = ports.clock.now().getTime() + putBackLimitMs
      await prove(objects, () => Math.max(0, deadline - ports.clock.now().getTime()), ports, signal)
      await holds.release(signal)
      await rejectSnapshots(applied, request.run, ports, signal)
    })
    return failed(`Put back, and serving as before: ${changed.map(({ object }) => titleOf(object)).join(', ')}.${stays}`, true)
  } catch (second) {
    if (signal.aborted || second instanceof CancelledError) return second
    await holds.release(signal).catch(() => undefined)
    return failed(`It could not be put back: ${messageOf(second)}`)
  }
}

function withWords(error: unknown, words: string, rolledBack: boolean): unknown {
  if (!(error instanceof PrebakeError) || words === '') return error
  const { hint, cause } = error
  const kept = { ...(hint === undefined ? {} : { hint }), ...(cause === undefined ? {} : { cause }) }
  return new FailedRollout(`${error.message}\n${words}`, { ...kept, rolledBack })
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
