import { PrebakeError } from '@prebake/kernel'
import { tagKeys } from '@prebake/snapshot-record'
import type { BuildPorts, BuildRequest } from './build-request.ts'
import type { BuilderState } from './ports/builders.ts'
import { isEarlierAttempt } from './run-token.ts'

/**
 * Terminates builders that no run needs any more: those of an earlier attempt of this run, and those past their own limit. The dead-man switch ends most
 * lost builders, but late, and not before a builder is initialized or after it was stopped, when there is no timer. A builder's tags say when its time is
 * over. A builder that cannot be terminated is a warning.
 */
export async function endAbandoned(
  { runToken }: Pick<BuildRequest, 'runToken'>,
  { builders, clock, reporter }: Pick<BuildPorts, 'builders' | 'clock' | 'reporter'>,
  signal: AbortSignal,
): Promise<void> {
  const now = clock.now().getTime()
  for (const purpose of ['bake', 'verify']) {
    for (const builder of await builders.find({ [tagKeys.purpose]: purpose }, signal)) {
      const reason = abandoned(builder, runToken, now)
      if (reason === undefined) continue
      try {
        await builders.terminate(builder.instanceId, signal)
        reporter.notice(`Terminated ${builder.instanceId} of run ${builder.tags[tagKeys.run] ?? 'unknown'}: ${reason}.`)
      } catch (error) {
        if (signal.aborted || !(error instanceof PrebakeError)) throw error
        reporter.warning(`Could not terminate ${builder.instanceId} (${reason}): ${error.message}`)
      }
    }
  }
}

/** Why no run needs it any more, or undefined. */
function abandoned({ state, tags }: BuilderState, runToken: string, now: number): string | undefined {
  if (state === 'terminated' || state === 'shutting-down') return undefined
  if (isEarlierAttempt(tags[tagKeys.run] ?? '', runToken)) return 'an earlier attempt of this run launched it, and has ended'
  const ends = tags[tagKeys.ends] ?? ''
  return Date.parse(ends) < now ? `its time limit ended at ${ends}` : undefined
}
