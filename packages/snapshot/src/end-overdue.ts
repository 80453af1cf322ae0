import type { BuildPorts } from './build-request.ts'
import { tagKeys } from './tags.ts'

/**
 * Ends builders that have outlived their own limit. The dead-man switch ends most that are lost; two moments it cannot cover: before a builder was
 * greeted there is no timer yet, and a stopped machine has none any more. A builder says on its tags when its time is over.
 */
export async function endOverdue({ builders, clock, reporter }: Pick<BuildPorts, 'builders' | 'clock' | 'reporter'>, signal: AbortSignal) {
  const now = clock.now().getTime()
  for (const purpose of ['bake', 'verify']) {
    for (const { instanceId, state, tags } of await builders.find({ [tagKeys.purpose]: purpose }, signal)) {
      const ends = Date.parse(tags[tagKeys.ends] ?? '')
      if (!(ends < now) || state === 'terminated' || state === 'shutting-down') continue
      await builders.terminate(instanceId, signal)
      reporter.notice(
        `Terminated ${instanceId}, which run ${tags[tagKeys.run] ?? 'unknown'} left behind: its time was over at ${tags[tagKeys.ends]}.`,
      )
    }
  }
}
