import { PrebakeError, ServiceError, TimeoutError, waitFor, type Clock } from '@prebake/kernel'
import type { Builders, CommandState } from '../ports/builders.ts'
import { parseAnswer, type Answer } from './parse-answer.ts'

/** A builder that is spoken to through SSM. */
export interface BuilderSession {
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
 * Runs one composed command, line by line, and waits for its end; every line may be run twice, so that one that SSM has lost is sent again.
 * @returns what its last line answered, or the first one that failed.
 * @throws PrebakeError when SSM could not run it to an end (undeliverable, timed out, cancelled), or the builder is gone.
 */
export async function runOnBuilder(session: BuilderSession, title: string, command: readonly string[]): Promise<Answer & Ending> {
  const [first = '', ...rest] = command
  const answer = await runLine(session, title, first)
  return rest.length > 0 && answer.succeeded && answer.spoke ? runOnBuilder(session, title, rest) : answer
}

async function runLine(session: BuilderSession, title: string, text: string): Promise<Answer & Ending> {
  for (let tries = 1; ; tries++) {
    try {
      return await runOnce(session, title, text)
    } catch (error) {
      if (!(error instanceof LostCommandError || error instanceof TimeoutError)) throw error
      await requireRunning(session)
      if (error instanceof TimeoutError || tries === deliveries) throw error
    }
  }
}

async function runOnce(session: BuilderSession, title: string, text: string): Promise<Answer & Ending> {
  const { builders, instanceId, clock, signal } = session
  const commandId = await send(session, title, text)
  const sentAt = clock.now().getTime()
  const ended = await waitFor<CommandState>({
    awaited: `command ${title} on ${instanceId} to end`,
    limitMs,
    everyMs: (looks) => Math.min(2 ** (looks - 1), 4) * 1000,
    clock,
    signal,
    hint: 'Run the build again; where this lasts, look at the SSM agent with `aws ssm describe-instance-information`.',
    poll: async () => {
      const state = await builders.getCommand(instanceId, commandId, signal)
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
  const output = `${ended.stdout}\n${ended.stderr}`
  return { ...parseAnswer(output), succeeded: ended.status === 'Success', ending: `${ended.statusDetails}${lastLine(output)}` }
}

/** The agent puts its own line after the command's. */
function lastLine(output: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '')
  const words = lines.findLast((line) => !/^failed to run commands: exit status/.test(line)) ?? lines.at(-1) ?? ''
  return words === '' ? '' : `: ${words}`
}

/** `Failed` is also said of commands that never ran; only the details tell (SSM user guide, "Understanding command statuses"). */
function hasRun({ status, statusDetails }: CommandState): boolean {
  if (status === 'Success') return true
  return status === 'Failed' && !/^(Undeliverable|Terminated|InvalidPlatform|AccessDenied)$/i.test(statusDetails.replaceAll(' ', ''))
}

/** The same, for commands whose failure is final: the script's own words become the error. */
export async function requireOnBuilder(session: BuilderSession, title: string, command: readonly string[]): Promise<Answer> {
  const answer = await runOnBuilder(session, title, command)
  if (answer.succeeded) return answer
  if (!answer.spoke) throw new SilentBuilderError(title, answer.ending)
  throw new PrebakeError(`On the builder, ${title}: ${answer.error ?? `it failed without an error message (${answer.ending})`}`)
}

/** SSM brought a command to no end of its own. */
export class LostCommandError extends PrebakeError {
  constructor(message: string, commandId: string) {
    super(message, { hint: `Look at command ${commandId} in Systems Manager, Run Command, then run the build again.` })
  }
}

/** A command failed and its script printed nothing: it did not run at all. The container was restarted, or is not there. */
export class SilentBuilderError extends PrebakeError {
  constructor(title: string, ending: string) {
    super(`On the builder, ${title}: no script answered (${ending}).`, { hint: silenceHint(ending) ?? 'Run the build again.' })
  }
}

/** What is known of a command that did not run, from how it ended; undefined for most endings. */
export function silenceHint(ending: string): string | undefined {
  // apiclient's words when the server closes the connection without an exit code, as it does with a request of more than 64 KiB.
  return ending.includes("Didn't receive a return code")
    ? 'The API server of the builder closed the connection before the command ended. Another run would meet the same: please open an issue with this line and the Bottlerocket version.'
    : undefined
}

/** @throws PrebakeError with EC2's own reason when the instance is not running any more. */
export async function requireRunning({ instanceId, builders, signal }: BuilderSession): Promise<void> {
  const instance = await builders.get(instanceId, signal)
  if (instance === undefined || instance.state === 'running') return
  throw new PrebakeError(
    `Work on ${instanceId}: it is ${instance.state} before it was done: ${instance.reason ?? 'EC2 gives no reason'}.`,
    {
      hint: 'Something else ended it (a limit of the account, a policy, its own dead-man switch): look for it in CloudTrail, then run the build again.',
    },
  )
}

async function send({ builders, instanceId, clock, signal }: BuilderSession, title: string, text: string): Promise<string> {
  return waitFor({
    awaited: `SSM to take command ${title} for ${instanceId}`,
    limitMs: settleMs,
    everyMs: 2000,
    clock,
    signal,
    hint: 'The SSM agent on it does not answer any more: run the build again.',
    poll: async () => {
      try {
        return { value: await builders.send(instanceId, text, limitMs / 1000, signal) }
      } catch (error) {
        if (error instanceof ServiceError && error.code === 'InvalidInstanceId') return { state: error.message }
        throw error
      }
    },
  })
}
