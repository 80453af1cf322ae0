import { PrebakeError, ServiceError, TimeoutError, waitFor, type Clock } from '@prebake/kernel'
import type { Builders, CommandState } from '../ports/builders.ts'
import { parseAnswer, type Answer } from './parse-answer.ts'

/** A builder that is spoken to through SSM. */
export interface Line {
  readonly instanceId: string
  readonly builders: Builders
  readonly clock: Clock
  readonly signal: AbortSignal
}

interface Ending {
  readonly succeeded: boolean
  /** How it ended, in SSM's words and the last of the command's own. */
  readonly ending: string
}

/** No foreground command takes longer than a minute (host/README.md); the rest is for an agent or a container that comes back. */
const limitMs = 10 * 60_000
/** What SSM may still not know of an instance or an invocation right after it said it did (facts B1). */
const settleMs = 30_000
/** How often a command is sent that SSM loses. */
const deliveries = 3

/**
 * Runs one composed command and waits for its end; every command may be run twice, so that one that SSM has lost is sent again.
 * @returns what it answered, whether it succeeded or failed.
 * @throws PrebakeError when SSM could not run it to an end (undeliverable, timed out, cancelled), or the builder is gone.
 */
export async function runOnBuilder(line: Line, title: string, command: string): Promise<Answer & Ending> {
  for (let tries = 1; ; tries++) {
    try {
      return await runOnce(line, title, command)
    } catch (error) {
      if (!(error instanceof LostCommandError || error instanceof TimeoutError)) throw error
      await requireRunning(line)
      if (error instanceof TimeoutError || tries === deliveries) throw error
    }
  }
}

async function runOnce(line: Line, title: string, command: string): Promise<Answer & Ending> {
  const { builders, instanceId, clock, signal } = line
  const commandId = await send(line, title, command)
  const sentAt = clock.now().getTime()
  const ended = await waitFor<CommandState>({
    awaited: `command ${title} on ${instanceId} to end`,
    limitMs,
    everyMs: (looks) => Math.min(2 ** (looks - 1), 4) * 1000,
    clock,
    signal,
    hint: 'Run the build again; where this lasts, look at the SSM agent with `aws ssm describe-instance-information`.',
    look: async () => {
      const state = await builders.lookAtCommand(instanceId, commandId, signal)
      if (state === undefined) {
        if (clock.now().getTime() - sentAt > settleMs)
          throw new LostCommandError(`Command ${title} on ${instanceId}: SSM does not know it.`, commandId)
        return { state: 'not listed yet' }
      }
      if (hasRun(state)) return { value: state }
      switch (state.status) {
        case 'Pending':
        case 'InProgress':
        case 'Delayed':
        case 'Cancelling':
          return { state: state.status }
        case 'Success':
        case 'Failed':
        case 'Cancelled':
        case 'TimedOut':
        case 'Undeliverable':
        case 'Terminated':
          throw new LostCommandError(`Command ${title} on ${instanceId}: ${state.statusDetails || state.status}.`, commandId)
      }
    },
  })
  const lastWords = `${ended.stdout}\n${ended.stderr}`.trim().split('\n').at(-1) ?? ''
  const ending = `${ended.statusDetails}${lastWords === '' ? '' : `: ${lastWords}`}`
  return { ...parseAnswer(`${ended.stdout}\n${ended.stderr}`), succeeded: ended.status === 'Success', ending }
}

/** `Failed` is also said of commands that never ran; only the details tell (SSM user guide, "Understanding command statuses"). */
function hasRun({ status, statusDetails }: CommandState): boolean {
  if (status === 'Success') return true
  return status === 'Failed' && !/^(Undeliverable|Terminated|InvalidPlatform|AccessDenied)$/i.test(statusDetails.replaceAll(' ', ''))
}

/** The same, for commands whose failure is final: the script's own words become the error. */
export async function requireOnBuilder(line: Line, title: string, command: string): Promise<Answer> {
  const answer = await runOnBuilder(line, title, command)
  if (answer.succeeded) return answer
  if (!answer.spoke) throw new SilentBuilderError(title, answer.ending)
  throw new PrebakeError(`On the builder, ${title}: ${answer.error ?? `it failed without a word (${answer.ending})`}`)
}

/** SSM brought a command to no end of its own. */
export class LostCommandError extends PrebakeError {
  constructor(message: string, commandId: string) {
    super(message, { hint: `Look at command ${commandId} in Systems Manager, Run Command, then run the build again.` })
  }
}

/** A command failed and its script said nothing: it did not run at all. The container was started anew, or is not there. */
export class SilentBuilderError extends PrebakeError {
  constructor(title: string, ending: string) {
    super(`On the builder, ${title}: no script answered (${ending}).`, { hint: 'Run the build again.' })
  }
}

/** @throws PrebakeError with EC2's own reason when there is nobody left who could answer. */
export async function requireRunning({ instanceId, builders, signal }: Line): Promise<void> {
  const instance = await builders.look(instanceId, signal)
  if (instance === undefined || instance.state === 'running') return
  throw new PrebakeError(
    `Work on ${instanceId}: it is ${instance.state} before it was done: ${instance.reason ?? 'EC2 gives no reason'}.`,
    {
      hint: 'Something else ended it (a limit of the account, a policy, its own dead-man switch): look for it in CloudTrail, then run the build again.',
    },
  )
}

async function send({ builders, instanceId, clock, signal }: Line, title: string, command: string): Promise<string> {
  return waitFor({
    awaited: `SSM to take command ${title} for ${instanceId}`,
    limitMs: settleMs,
    everyMs: 2000,
    clock,
    signal,
    hint: 'The SSM agent on it does not answer any more: run the build again.',
    look: async () => {
      try {
        return { value: await builders.send(instanceId, command, limitMs / 1000, signal) }
      } catch (error) {
        if (error instanceof ServiceError && error.code === 'InvalidInstanceId') return { state: error.message }
        throw error
      }
    },
  })
}
