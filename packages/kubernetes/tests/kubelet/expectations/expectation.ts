import { expect } from '@jest/globals'
import type { ObservedPod } from '../observed-pod.ts'
import type { PodSceneName } from '../pod-scenes.ts'

/** One thing that the kubelet, containerd and vLLM are relied upon to say, and what it looks like on every node. */
export interface Expectation {
  readonly scene: PodSceneName
  readonly what: string
  readonly see: (observed: ObservedPod) => unknown
  readonly expected: (observed: ObservedPod) => unknown
}

/** Messages of the events that have the reason, the oldest first. */
export const said = ({ events }: ObservedPod, reason: string): readonly string[] =>
  events.filter((event) => event.reason === reason).map(({ message }) => message)

export const imageOf = ({ pod }: ObservedPod): string => pod.spec.containers[0]?.image ?? ''

export const wholeSeconds = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)

export const containerId = expect.stringMatching(/^containerd:\/\/[0-9a-f]{64}$/)

/** How a container's last run ended. */
export const lastRun = (exitCode: number, reason: string): object => ({
  terminated: { exitCode, reason, startedAt: wholeSeconds, finishedAt: wholeSeconds, containerID: containerId },
})

/** A condition that says why a pod is not ready. */
export const unready = (type: string): readonly string[] => [type, 'False', 'ContainersNotReady', 'containers with unready status: [vllm]']

export const conditionsOf = ({ pod }: ObservedPod): readonly (readonly (string | undefined)[])[] =>
  (pod.status.conditions ?? []).map(({ type, status, reason, message }) => [type, status, reason, message])
