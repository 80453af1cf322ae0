import { PrebakeError, ServiceError, TimeoutError, waitFor, type Clock } from '@prebake/kernel'
import type { SnapshotErrorCode } from '../error-codes.ts'
import type { Builders, CommandState } from '../ports/builders.ts'
import { parseAnswer, type Answer } from './parse-answer.ts'

/** A builder that runs commands through SSM. */
export interface BuilderSession {
  readonly instanceId: string
  readonly builders: Builders
  readonly clock: Clock
  readonly signal: AbortSignal
}

interface Ending {
  readonly succeeded: boolean
  /** How it ended: SSM's status, and the last line of the output. */
  readonly ending: string
}

/** No foreground command takes longer than a minute (host/README.md); the rest is for an agent or a container that restarts. */
const limitMs = 10 * 60_000
/** How long SSM may not know an instance or an invocation that it has already accepted (facts B1). */
const settleMs = 30_000
/** How often a lost command is sent. */
const deliveries = 3

/**
 * Runs one composed command, line by line, and waits for its end. Every line is safe to run twice, so a line that SSM has lost is sent again.
 * @returns the response of its last line, or of the first one that failed
 * @throws PrebakeError if SSM could not finish it (undeliverable, timed out, cancelled), or the builder has ended
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
    code: 'builder-command-lost' satisfies SnapshotErrorCode,
    everyMs: (polls) => Math.min(2 ** (polls - 1), 4) * 1000,
    clock,
    signal,
    hint: 'Run the build again. If it happens again, check the SSM agent with `aws ssm describe-instance-information`.',
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

/** The agent appends its own line to the command's output. */
function lastLine(output: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '')
  const last = lines.findLast((line) => !/^failed to run commands: exit status/.test(line)) ?? lines.at(-1) ?? ''
  return last === '' ? '' : `: ${last}`
}

/** The status `Failed` includes commands that never ran; only the details show it (SSM user guide, "Understanding command statuses"). */
function hasRun({ status, statusDetails }: CommandState): boolean {
  if (status === 'Success') return true
  return status === 'Failed' && !/^(Undeliverable|Terminated|InvalidPlatform|AccessDenied)$/i.test(statusDetails.replaceAll(' ', ''))
}

/** The same for commands whose failure is final: the script's own message becomes the error. */
export async function requireOnBuilder(session: BuilderSession, title: string, command: readonly string[]): Promise<Answer> {
  const answer = await runOnBuilder(session, title, command)
  if (answer.succeeded) return answer
  if (!answer.spoke) throw new SilentBuilderError(title, answer.ending)
  throw new PrebakeError(`Run ${title} on the builder: ${answer.error ?? `it failed without an error message (${answer.ending})`}`, {
    code: 'builder-command-failed' satisfies SnapshotErrorCode,
    hint: 'Run the build again. If it fails again, open an issue with this message and the Bottlerocket version.',
  })
}

/** SSM lost a command, or could not deliver or finish it. */
export class LostCommandError extends PrebakeError {
  constructor(message: string, commandId: string) {
    const hint = `Check command ${commandId} in Systems Manager, Run Command, then run the build again.`
    super(message, { code: 'builder-command-lost' satisfies SnapshotErrorCode, hint })
  }
}

/** A command failed and its script printed nothing, so it did not run: the container was restarted, or does not exist. */
export class SilentBuilderError extends PrebakeError {
  constructor(title: string, ending: string) {
    super(`Run ${title} on the builder: the script did not run (${ending}).`, {
      code: 'builder-silent' satisfies SnapshotErrorCode,
      hint: silenceHint(ending) ?? 'Run the build again.',
    })
  }
}

/** Advice for a command that did not run, from how it ended; undefined for most endings. */
export function silenceHint(ending: string): string | undefined {
  // apiclient's message when the server closes the connection without an exit code, as it does with a request of more than 64 KiB.
  return ending.includes("Didn't receive a return code")
    ? 'The API server of the builder closed the connection before the command ended. Another run would fail in the same way. Please open an issue with this line and the Bottlerocket version.'
    : undefined
}

/** @throws PrebakeError with EC2's own reason if the instance is not running any more */
export async function requireRunning({ instanceId, builders, signal }: BuilderSession): Promise<void> {
  const instance = await builders.get(instanceId, signal)
  if (instance === undefined || instance.state === 'running') return
  throw new PrebakeError(
    `Work on ${instanceId}: it is ${instance.state} before it was done: ${instance.reason ?? 'EC2 gives no reason'}.`,
    {
      code: 'builder-ended' satisfies SnapshotErrorCode,
      hint: 'Something else ended it (a limit of the account, a policy, its own dead-man switch). Check CloudTrail, then run the build again.',
    },
  )
}

async function send({ builders, instanceId, clock, signal }: BuilderSession, title: string, text: string): Promise<string> {
  return waitFor({
    awaited: `SSM to accept command ${title} for ${instanceId}`,
    code: 'builder-command-lost' satisfies SnapshotErrorCode,
    limitMs: settleMs,
    everyMs: 2000,
    clock,
    signal,
    hint: 'The SSM agent on it does not respond any more. Run the build again.',
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
