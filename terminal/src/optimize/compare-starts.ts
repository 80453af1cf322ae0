import { isSimulated } from '@prebake/action-kit'
import { inWords } from '../screen/durations.ts'
import type { ObservedStarts } from './observe-starts.ts'

interface Comparison {
  readonly before: ObservedStarts | undefined
  readonly after: ObservedStarts | undefined
  readonly snapshotId: string
  /** Whether the rollout changed anything. */
  readonly changed: boolean
}

/** The last words of a run: how long the pods took to start before, and after. */
export function compareStarts({ before, after, snapshotId, changed }: Comparison, env: NodeJS.ProcessEnv): string {
  return [
    changed ? `${snapshotId} serves.` : `${snapshotId} was serving already: nothing was changed.`,
    `Before: ${describe(before)}`,
    `After:  ${describe(after)}`,
    ...(isSimulated(env) ? ['These seconds are simulated, not measured on AWS.'] : []),
    'From each pod’s creation to Ready, as Kubernetes stamps them: an observation, no benchmark. To measure a scale-up: `make benchmark`.',
  ].join('\n')
}

function describe(starts: ObservedStarts | undefined): string {
  if (starts === undefined) return 'there was no such Deployment.'
  const { seconds, onNewNodes } = starts
  if (seconds.length === 0) return 'no pod was Ready without a restart, so no start-up time is known.'
  const sorted = seconds.toSorted((a, b) => a - b)
  const middle = sorted[Math.floor((sorted.length - 1) / 2)] ?? 0
  const slowest = sorted.at(-1) ?? 0
  const time = sorted.length === 1 ? inWords(middle) : `median ${inWords(middle)}, slowest ${inWords(slowest)}`
  return `${sorted.length} pod${sorted.length === 1 ? '' : 's'}, ${time}, ${onNewNodes} of them with the wait for a new node`
}
