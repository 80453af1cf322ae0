import { expect } from '@jest/globals'
import type { PodEvent } from '../observed-pod.ts'
import { failures, grace, type PodSceneName } from '../pod-scenes.ts'
import { conditionsOf, lastRun, said, unready, wholeSeconds, type Expectation } from './expectation.ts'

/** More of one event is not counted: client-go tools/record/events_cache.go, defaultSpamBurst. */
const mostOfOne = 25
const isKilling = ({ reason }: PodEvent): boolean => reason === 'Killing'
const timesOf = (events: readonly PodEvent[]): number => events.reduce((sum, { count = 1 }) => sum + count, 0)

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
  ...killedBy('Startup', 'never starts'),
  ...killedBy('Liveness', 'fails its liveness probe'),
  {
    scene: 'is removed',
    what: 'what the kubelet says',
    see: ({ events }) => events.filter(({ reason }) => reason === 'Killing').map(({ type, message, count }) => [type, message, count]),
    expected: () => [['Normal', 'Stopping container vllm', 1]],
  },
  {
    scene: 'is removed',
    what: 'it has the time that its pod gives it, and stays',
    see: ({ pod: { metadata }, container }) => [metadata.deletionGracePeriodSeconds, container?.state.running],
    expected: () => [grace, { startedAt: wholeSeconds }],
  },
]

/** Of a container whose server answers the probe with 404. */
function killedBy(probe: 'Startup' | 'Liveness', scene: PodSceneName): readonly Expectation[] {
  const isProbed = ({ message }: PodEvent) => message.startsWith(`${probe} probe failed: `)
  const isFailure = (event: PodEvent) => isProbed(event) && event.message.endsWith('404')
  return [
    {
      scene,
      what: 'what the kubelet says',
      see: ({ events }) =>
        events.filter((event) => isFailure(event) || isKilling(event)).map(({ type, reason, message }) => [type, reason, message]),
      expected: () => [
        ['Warning', 'Unhealthy', `${probe} probe failed: HTTP probe failed with statuscode: 404`],
        ['Normal', 'Killing', `Container vllm failed ${probe.toLowerCase()} probe, will be restarted`],
      ],
    },
    {
      scene,
      what: 'it is killed when the probe has failed as often as it may',
      see: ({ events, container: { restartCount } = { restartCount: 0 } }) => {
        const [failed, killed] = [timesOf(events.filter(isProbed)), timesOf(events.filter(isKilling))]
        // The container that runs now may have come so far as well.
        const isRight = (kills: number) =>
          killed === Math.min(mostOfOne, kills) && failed >= Math.min(mostOfOne, kills * failures) && failed < (kills + 1) * failures
        return isRight(restartCount) || isRight(restartCount + 1) ? 'as often' : { failed, killed, restartCount }
      },
      expected: () => 'as often',
    },
    {
      scene,
      what: 'two restarts come at once, since the kubelet counts from the end before the last one',
      see: (observed) => said(observed, 'BackOff'),
      expected: ({ pod: { metadata }, container: { restartCount } = { restartCount: 0 } }) =>
        restartCount <= 3 ? [] : [`Back-off restarting failed container vllm in pod ${metadata.name}_default(${metadata.uid})`],
    },
    {
      scene,
      what: 'how a container ends that hears no SIGTERM',
      see: ({ container }) => container?.lastState,
      expected: () => lastRun(137, 'Error'),
    },
    {
      scene,
      what: 'each run is a container of its own',
      see: ({ container }) => container?.containerID,
      expected: ({ container }) => expect.not.stringContaining(container?.lastState.terminated?.containerID ?? ''),
    },
  ]
}
