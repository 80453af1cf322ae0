import { PrebakeError, ServiceError, waitFor, type Clock } from '@prebake/kernel'
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

/**
 * Runs one composed command and waits for its end.
 * @returns what it answered, whether it succeeded or failed.
 * @throws PrebakeError when SSM could not run it to an end (undeliverable, timed out, cancelled).
 */
export async function runOnBuilder(line: Line, title: string, command: string): Promise<Answer & Ending> {
  const { builders, instanceId, clock, signal } = line
  const commandId = await send(line, title, command)
  const sentAt = clock.now().getTime()
  const ended = await waitFor<CommandState>({
    awaited: `command ${title} on ${instanceId} to end`,
    limitMs,
    everyMs: (looks) => Math.min(2 ** (looks - 1), 4) * 1000,
    clock,
    signal,
    look: async () => {
      const state = await builders.lookAtCommand(instanceId, commandId, signal)
      if (state === undefined) {
        if (clock.now().getTime() - sentAt > settleMs)
          throw new LostCommandError(`Command ${title} on ${instanceId}: SSM does not know it.`, commandId)
        return { state: 'not listed yet' }
      }
      switch (state.status) {
        case 'Pending':
        case 'InProgress':
        case 'Delayed':
        case 'Cancelling':
          return { state: state.status }
        case 'Success':
        case 'Failed':
          return { value: state }
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

const deliveries = 3

/** Asks again, up to three times in all, when SSM has lost the command: an agent that went away comes back, and every script is safe to repeat. */
export async function insist<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await ask()
    } catch (error) {
      if (!(error instanceof LostCommandError) || tries === deliveries) throw error
    }
  }
}

/** A command failed and its script said nothing: it did not run at all. The container was started anew, or is not there. */
export class SilentBuilderError extends PrebakeError {
  constructor(title: string, ending: string) {
    super(`On the builder, ${title}: no script answered (${ending}).`, { hint: 'Run the build again.' })
  }
}

async function send({ builders, instanceId, clock, signal }: Line, title: string, command: string): Promise<string> {
  return waitFor({
    awaited: `SSM to take command ${title} for ${instanceId}`,
    limitMs: settleMs,
    everyMs: 2000,
    clock,
    signal,
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
