import { expect } from '@jest/globals'
import type { PodEvent } from '../observed-pod.ts'
import { failures, grace } from '../pod-scenes.ts'
import { conditionsOf, lastRun, said, unready, wholeSeconds, type Expectation } from './expectation.ts'

const isOfLiveness = ({ reason, message }: PodEvent): boolean => reason === 'Killing' || message.startsWith('Liveness')

export const probed: readonly Expectation[] = [
  {
    scene: 'is never ready',
    what: 'what the kubelet says of a server that does not know the path',
    see: (observed) => said(observed, 'Unhealthy').filter((message) => message.startsWith('Readiness')),
    expected: () => ['Readiness probe failed: HTTP probe failed with statuscode: 404'],
  },
  {
    scene: 'is never ready',
    what: 'conditions',
    see: conditionsOf,
    expected: () => expect.arrayContaining([unready('Ready'), unready('ContainersReady')]),
  },
  {
    scene: 'is never ready',
    what: 'its container has started, and runs',
    see: ({ container }) => container,
    expected: () =>
      expect.objectContaining({ ready: false, started: true, restartCount: 0, state: { running: { startedAt: wholeSeconds } } }),
  },
  {
    scene: 'fails its liveness probe',
    what: 'what the kubelet says',
    see: ({ events }) => events.filter(isOfLiveness).map(({ type, reason, message }) => [type, reason, message]),
    expected: () => [
      ['Warning', 'Unhealthy', 'Liveness probe failed: HTTP probe failed with statuscode: 404'],
      ['Normal', 'Killing', 'Container vllm failed liveness probe, will be restarted'],
    ],
  },
  {
    scene: 'fails its liveness probe',
    what: 'it is killed when the probe has failed as often as it may',
    see: ({ events }) => {
      const [failed = 0, killed = 0] = events.filter(isOfLiveness).map(({ count }) => count)
      return [Math.floor(failed / failures), killed].map(String)
    },
    expected: ({ container: { restartCount } = { restartCount: 0 } }) => {
      // The container that runs now may have come so far as well.
      const times = expect.stringMatching(new RegExp(`^(?:${restartCount}|${restartCount + 1})$`))
      return [times, times]
    },
  },
  {
    scene: 'fails its liveness probe',
    what: 'how a container ends that hears no SIGTERM',
    see: ({ container }) => container?.lastState,
    expected: () => lastRun(137, 'Error'),
  },
  {
    scene: 'fails its liveness probe',
    what: 'each run is a container of its own',
    see: ({ container }) => container?.containerID,
    expected: ({ container }) => expect.not.stringContaining(container?.lastState.terminated?.containerID ?? ''),
  },
  {
    scene: 'is removed',
    what: 'what the kubelet says',
    see: ({ events }) => events.filter(({ reason }) => reason === 'Killing').map(({ type, message, count }) => [type, message, count]),
    expected: () => [['Normal', 'Stopping container vllm', 1]],
  },
  {
    scene: 'is removed',
    what: 'it stays for the time that its pod gives it',
    see: ({ pod: { metadata } }) => metadata.deletionGracePeriodSeconds,
    expected: () => grace,
  },
]
