import { PrebakeError } from '@prebake/kernel'
import { tagKeys } from '@prebake/snapshot-record'
import type { BuildPorts, BuildRequest } from './build-request.ts'
import type { BuilderState } from './ports/builders.ts'
import { isEarlierAttempt } from './run-token.ts'

/**
 * Ends builders that no run needs any more: those of an earlier attempt of this run, and those that have outlived their own limit. The dead-man switch ends
 * most that are lost, but late, and two moments it cannot cover: before a builder is initialized there is no timer yet, and a stopped machine has none any
 * more. A builder says on its tags when its time is over. What cannot be ended is a warning.
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
        reporter.warning(`${builder.instanceId} should be ended (${reason}), and could not be: ${error.message}`)
      }
    }
  }
}

/** Why no run needs it any more, or undefined. */
function abandoned({ state, tags }: BuilderState, runToken: string, now: number): string | undefined {
  if (state === 'terminated' || state === 'shutting-down') return undefined
  if (isEarlierAttempt(tags[tagKeys.run] ?? '', runToken)) return 'an earlier attempt of this run launched it, and has ended'
  const ends = tags[tagKeys.ends] ?? ''
  return Date.parse(ends) < now ? `its time was over at ${ends}` : undefined
}
