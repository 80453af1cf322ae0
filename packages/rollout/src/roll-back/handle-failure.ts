import { CancelledError, messageOf, PrebakeError } from '@prebake/kernel'
import { pausedBy, titleOf } from '@prebake/manifests'
import type { RolloutErrorCode } from '../error-codes.ts'
import { readBack, type ReadBack } from '../observe/read-back.ts'
import { endPauses } from '../pause/end-pauses.ts'
import type { Side } from '../pause/matching-version.ts'
import type { PlannedApply } from '../plan/planned-apply.ts'
import type { RollOutPorts, RollOutRequest } from '../roll-out-request.ts'
import { FailedRollout, SupersededError } from '../rollout-errors.ts'
import { waitUntilServing } from '../wait/wait-until-serving.ts'
import { changesMade, poolOfAnother } from './changed-objects.ts'
import { endStuckNodes } from './end-stuck-nodes.ts'
import { releaseStuckPods } from './release-stuck-pods.ts'
import { rollBack } from './roll-back.ts'

/** For the old pods to be ready again. Most of them never left; a node that has to be replaced takes minutes. */
const rollBackLimitMs = 15 * 60_000

/**
 * Ends a rollout that has failed: what the cluster shows as changed is rolled back and verified; no NodePool stays paused unless
 * it is half switched and cannot be put right.
 * @param planned with each object as the API server returned it, where it did.
 * @returns the error to be thrown: the first one, with what became of it. A cancel stays one: there is no time for more, and `post` cleans up.
 */
export async function handleFailure(
  error: unknown,
  planned: readonly PlannedApply[],
  request: RollOutRequest,
  ports: RollOutPorts,
  signal: AbortSignal,
): Promise<unknown> {
  if (signal.aborted || error instanceof CancelledError) return error
  const { run, force, rollback } = request
  const endWith = async (preferred: Side): Promise<void> => {
    const failures = await endPauses(planned, { run, preferred }, ports, signal)
    if (failures.length === 0) ports.journal?.clear()
  }
  const failed = (code: RolloutErrorCode, outcome: string) => withOutcome(error, code, outcome)
  try {
    const objects = await readBack(planned, ports, signal)
    const { changed, created } = changesMade(objects)
    const titles = changed.map(({ manifest }) => titleOf(manifest.document)).join(', ')
    const remains = created.length > 0 ? ` Newly created objects were left in place: ${created.join(', ')}.` : ''
    if (error instanceof SupersededError) {
      await endWith('after')
      return error
    }
    const another = poolOfAnother(objects, run)
    if (another !== undefined && changed.length > 0) {
      await endWith('after')
      return failed('rollout-superseded', `Not rolled back: ${describeOwner(another)}.`)
    }
    if (changed.length === 0) {
      await endWith('before')
      if (created.length === 0) return error
      return failed('rollout-not-rolled-back', `No existing object was changed, so there is nothing to roll back.${remains}`)
    }
    if (!rollback) {
      await endWith('after')
      return failed('rollout-not-rolled-back', `Not rolled back (\`rollback: false\`): ${titles}.${remains}`)
    }
    await ports.reporter.group('Roll back to what served before', async () => {
      ports.reporter.warning(messageOf(error))
      const former = await rollBack(objects, { run, force }, ports, signal)
      await releaseStuckPods(former, ports, signal)
      const deadline = ports.clock.now().getTime() + rollBackLimitMs
      await waitUntilServing(former, () => Math.max(0, deadline - ports.clock.now().getTime()), ports, signal)
      await endWith('before')
      await endStuckNodes(planned, ports, signal)
    })
    return failed('rollout-rolled-back', `Rolled back, and serving as before: ${titles}.${remains}`)
  } catch (second) {
    if (signal.aborted || second instanceof CancelledError) return second
    await endPauses(planned, { run, preferred: 'before' }, ports, signal)
    const state = await describeState(planned, ports, signal)
    return withOutcome(error, 'rollback-failed', `The rollback failed: ${messageOf(second)}\n${state}`, wayOut(second))
  }
}

/** Whose result is left alone. */
function describeOwner({ manifest, live }: ReadBack): string {
  const owner = live?.metadata.annotations?.[pausedBy]
  return `${titleOf(manifest.document)} ${owner === undefined ? 'was changed by another run, which has ended' : `is being rolled out by another run (${owner})`}`
}

/** What ends a rollback that failed. */
function wayOut(second: unknown): string {
  const end =
    'Then roll out what served before, by its commit or its `snapshot-id`. Pods from before that are ready serve on until then, as long as their nodes live.'
  return `${(second instanceof PrebakeError && second.hint) || 'Fix what the rollback met.'} ${end}`
}

/** `As it is now: NodePool vllm as before, Deployment default/vllm changed.` */
async function describeState(planned: readonly PlannedApply[], ports: RollOutPorts, signal: AbortSignal): Promise<string> {
  const words: Readonly<Record<ReadBack['version'], string>> = { before: 'as before', after: 'changed', other: 'changed by another client' }
  const existing = planned.filter(({ before, changes }) => before !== undefined && changes)
  try {
    const objects = await readBack(existing, ports, signal, 0)
    return `As it is now: ${objects.map((each) => `${titleOf(each.manifest.document)} ${words[each.version]}${isPaused(each) ? ' and paused' : ''}`).join(', ')}.`
  } catch (error) {
    if (signal.aborted || error instanceof CancelledError) throw error
    return `What was changed is not known: ${messageOf(error)}`
  }
}

const isPaused = ({ live }: ReadBack): boolean => live?.metadata.annotations?.[pausedBy] !== undefined

/** @param way what to do, where that is not what the first error says. */
function withOutcome(error: unknown, code: RolloutErrorCode, outcome: string, way?: string): FailedRollout {
  const message = `${messageOf(error)}\n${outcome}`
  if (!(error instanceof PrebakeError))
    return new FailedRollout(message, { code, reason: undefined, cause: error, ...(way !== undefined && { hint: way }) })
  const { cause, errorCode: reason, trouble } = error
  const hint = way ?? error.hint
  const options = { code, reason, trouble, ...(hint !== undefined && { hint }), ...(cause !== undefined && { cause }) }
  return new FailedRollout(message, options)
}
