import { expect } from '@jest/globals'
import type { PodSceneName } from '../pod-scenes.ts'
import { lastRun, said, type Expectation } from './expectation.ts'

/** As Go writes durations; by the restart before. */
const backOffs = ['10s', '20s', '40s', '1m20s', '2m40s']

export const crashing: readonly Expectation[] = [
  ...backingOff('crashes', lastRun(1, 'Error')),
  ...backingOff('takes more memory than it may', lastRun(137, 'OOMKilled')),
]

/** Of a container whose program ends soon after each start. */
function backingOff(scene: PodSceneName, lastState: object): readonly Expectation[] {
  return [
    {
      scene,
      what: 'the first restart comes at once, each later one waits twice as long as the one before',
      see: ({ container }) => container,
      expected: ({ pod: { metadata }, container }) =>
        expect.objectContaining({
          // A busy machine may have missed the first wait.
          restartCount: expect.any(Number),
          state: {
            waiting: {
              reason: 'CrashLoopBackOff',
              message: `back-off ${backOffs[(container?.restartCount ?? 0) - 1] ?? '5m0s'} restarting failed container=vllm pod=${metadata.name}_default(${metadata.uid})`,
            },
          },
          lastState,
        }),
    },
    {
      scene,
      what: 'what the kubelet says of it',
      see: (observed) => said(observed, 'BackOff'),
      expected: ({ pod: { metadata } }) => [`Back-off restarting failed container vllm in pod ${metadata.name}_default(${metadata.uid})`],
    },
    {
      scene,
      what: 'while it waits, its container is the one that has ended',
      see: ({ container }) => container?.containerID,
      expected: ({ container }) => container?.lastState.terminated?.containerID,
    },
    {
      scene,
      what: 'how often it was started',
      see: ({ events }) => events.filter(({ reason }) => reason === 'Started').map(({ count }) => count),
      expected: ({ container }) => [(container?.restartCount ?? 0) + 1],
    },
  ]
}
