import type { StackRequest, Stacks, StackState } from '@prebake/aws'
import { PrebakeError, waitFor, type Clock, type Reporter } from '@prebake/kernel'
import type { TerminalErrorCode } from '../error-codes.ts'

interface Ports {
  readonly stacks: Stacks
  readonly clock: Clock
  readonly reporter: Pick<Reporter, 'info' | 'progress'>
}

const limitMs = 20 * 60_000
const pollMs = 5000

/** Left by a creation that failed: such a stack can only be deleted (CloudFormation User Guide, "Stack status codes"). */
const unborn = ['ROLLBACK_COMPLETE', 'ROLLBACK_FAILED', 'CREATE_FAILED']
const usable = ['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE', 'IMPORT_COMPLETE', 'IMPORT_ROLLBACK_COMPLETE']

/**
 * Makes the stack what the template says: creates it, updates it, or goes on with what an earlier run began. Safe to repeat.
 * @returns its outputs. @throws PrebakeError `stack-failed` with CloudFormation's own reasons, `stack-unusable` where only a person can help
 */
export async function applyStack(request: StackRequest, ports: Ports, signal: AbortSignal): Promise<Readonly<Record<string, string>>> {
  const { stacks, reporter } = ports
  const { name } = request
  let found = await settle(name, ports, signal)
  if (found !== undefined && unborn.includes(found.status)) {
    reporter.info(`Stack ${name} is left from a creation that failed (${found.status}): it is deleted and created again`)
    await stacks.remove(name, signal)
    found = await settle(name, ports, signal)
  }
  if (found !== undefined && !usable.includes(found.status)) {
    const code = 'stack-unusable' satisfies TerminalErrorCode
    const hint = `Look at its events in the CloudFormation console. To begin again: \`aws cloudformation delete-stack --stack-name ${name}\`.`
    throw new PrebakeError(`Update the stack ${name}: it is ${found.status}${found.reason ? `, ${found.reason}` : ''}.`, { code, hint })
  }

  const since = ports.clock.now()
  if (found === undefined) await stacks.create(request, signal)
  else if (!(await stacks.update(request, signal))) {
    reporter.info(`Stack ${name} is up to date`)
    return found.outputs
  }
  const ended = await settle(name, ports, signal)
  if (ended?.status === 'CREATE_COMPLETE' || ended?.status === 'UPDATE_COMPLETE') {
    reporter.info(`Stack ${name} ${found === undefined ? 'created' : 'updated'}`)
    return ended.outputs
  }
  const reasons = await stacks.failures(name, since, signal)
  const code = 'stack-failed' satisfies TerminalErrorCode
  const hint = 'Remove the cause, and run again: it goes on here.'
  throw new PrebakeError([`Make the stack ${name}: it ended as ${ended?.status ?? 'deleted'}.`, ...reasons].join('\n'), { code, hint })
}

/** Deletes the stack and waits until it is gone. */
export async function removeStack(name: string, ports: Ports, signal: AbortSignal): Promise<void> {
  const since = ports.clock.now()
  await ports.stacks.remove(name, signal)
  const left = await settle(name, ports, signal)
  if (left === undefined) return
  const reasons = await ports.stacks.failures(name, since, signal)
  const code = 'stack-failed' satisfies TerminalErrorCode
  throw new PrebakeError([`Delete the stack ${name}: it is ${left.status}.`, ...reasons].join('\n'), {
    code,
    hint: 'Remove what the reasons name, and run again.',
  })
}

/** Waits until nothing is under way. */
function settle(name: string, { stacks, clock, reporter }: Ports, signal: AbortSignal): Promise<StackState | undefined> {
  return waitFor<StackState | undefined>({
    awaited: `the stack ${name} to settle`,
    code: 'stack-failed' satisfies TerminalErrorCode,
    limitMs,
    everyMs: pollMs,
    clock,
    signal,
    onState: (state) => reporter.progress(state),
    poll: async () => {
      const state = await stacks.describe(name, signal)
      return state?.status.endsWith('_IN_PROGRESS') ? { state: `stack ${name}: ${state.status}` } : { value: state }
    },
  })
}
