import { CancelledError, PrebakeError } from '@prebake/kernel'
import { titleOf } from '@prebake/manifests'
import type { Applied } from '../apply/apply-planned.ts'
import type { RolloutErrorCode } from '../error-codes.ts'
import type { DriftPauses } from '../pause/drift-pauses.ts'
import type { RollOutPorts, RollOutRequest } from '../roll-out-request.ts'
import { FailedRollout, SupersededError } from '../rollout-errors.ts'
import { waitUntilServing } from '../wait/wait-until-serving.ts'
import { changesMade } from './changed-objects.ts'
import { releaseStuckPods } from './release-stuck-pods.ts'
import { rollBack } from './roll-back.ts'

/** For the old pods to be ready again. Most of them never left; a node that has to be replaced takes minutes. */
const rollBackLimitMs = 15 * 60_000

/**
 * Ends a rollout that has failed: what was changed is rolled back and verified; no NodePool stays paused.
 * @param applied what was applied before it failed.
 * @returns the error to be thrown: the first one, with what became of it. A cancel stays one: there is no time for more, and `post` ends the pauses.
 */
export async function handleFailure(
  error: unknown,
  applied: readonly Applied[],
  pauses: DriftPauses,
  request: RollOutRequest,
  ports: RollOutPorts,
  signal: AbortSignal,
): Promise<unknown> {
  if (signal.aborted || error instanceof CancelledError) return error
  const { changed, created } = changesMade(applied)
  const titles = changed.map(({ object }) => titleOf(object)).join(', ')
  const remains = created.length > 0 ? ` Newly created objects were left in place: ${created.join(', ')}.` : ''
  const failed = (code: RolloutErrorCode, message: string) => withOutcome(error, code, message)
  try {
    if (error instanceof SupersededError || applied.length === 0) {
      await pauses.resume(signal)
      return error
    }
    if (changed.length === 0) {
      await pauses.resume(signal)
      if (created.length === 0) return error
      return failed('rollout-not-rolled-back', `No existing object was changed, so there is nothing to roll back.${remains}`)
    }
    if (!request.rollback) {
      await pauses.resume(signal)
      return failed('rollout-not-rolled-back', `Not rolled back (\`rollback: false\`): ${titles}.${remains}`)
    }
    await ports.reporter.group('Roll back to what served before', async () => {
      ports.reporter.warning(messageOf(error))
      const objects = await rollBack(changed, { pauses, force: request.force }, ports, signal)
      await releaseStuckPods(objects, ports, signal)
      const deadline = ports.clock.now().getTime() + rollBackLimitMs
      await waitUntilServing(objects, () => Math.max(0, deadline - ports.clock.now().getTime()), ports, signal)
      await pauses.resume(signal)
    })
    return failed('rollout-rolled-back', `Rolled back, and serving as before: ${titles}.${remains}`)
  } catch (second) {
    if (signal.aborted || second instanceof CancelledError) return second
    await pauses.resume(signal)
    return failed('rollback-failed', `The rollback failed: ${messageOf(second)}`)
  }
}

function withOutcome(error: unknown, code: RolloutErrorCode, outcome: string): FailedRollout {
  const message = `${messageOf(error)}\n${outcome}`
  if (!(error instanceof PrebakeError)) return new FailedRollout(message, { code, reason: undefined, cause: error })
  const { hint, cause, errorCode: reason } = error
  return new FailedRollout(message, { code, reason, ...(hint !== undefined && { hint }), ...(cause !== undefined && { cause }) })
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
