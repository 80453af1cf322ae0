import type { KubernetesObject } from '@prebake/manifests'
import type { ObservedPod } from './observed-pod.ts'

export interface PodSpec {
  nodeSelector?: Record<string, string>
  terminationGracePeriodSeconds?: number
  containers: [{ image: string; args: string[]; resources: object }, ...object[]]
  volumes: { name: string; hostPath?: { path: string; type?: string } }[]
}

/** A pod that is played in front of the contract, and when it has been seen enough. */
export interface PodScene {
  /** Undefined: the shipped pod as it is. */
  readonly change?: (spec: PodSpec) => void
  readonly isSeen: (pod: ObservedPod) => boolean
}

const hasEvent = ({ events }: ObservedPod, reason: string, words: RegExp = /(?:)/): boolean =>
  events.some((event) => event.reason === reason && words.test(event.message))

export const podScenes = {
  serves: { isSeen: ({ log, container }) => container?.ready === true && log.some(({ text }) => /GET \/health/.test(text)) },
  'finds no image': {
    change: (spec) => (spec.containers[0].image = 'registry.invalid/vllm/vllm-openai:v1'),
    isSeen: (pod) => pod.container?.state.waiting?.reason === 'ImagePullBackOff' && hasEvent(pod, 'Failed', /^Error: ImagePullBackOff/),
  },
  'finds no folder': {
    change: (spec) => spec.volumes.forEach(({ hostPath }) => hostPath?.type === 'Directory' && (hostPath.path = '/mnt/no-such-folder')),
    isSeen: (pod) => hasEvent(pod, 'FailedMount'),
  },
  crashes: {
    change: (spec) => (spec.containers[0].args[0] = '/mnt/models/no-such-model'),
    isSeen: (pod) => pod.container?.state.waiting?.reason === 'CrashLoopBackOff' && hasEvent(pod, 'BackOff'),
  },
} as const satisfies Record<string, PodScene>

export type PodSceneName = keyof typeof podScenes

/** The shipped Deployment under another name, on the node on which it serves and beside its pod, with the scene's change. */
export function playedDeployment(shipped: KubernetesObject, name: string, node: string, { change }: PodScene): KubernetesObject {
  const { template } = structuredClone((shipped as unknown as { spec: { template: { spec: PodSpec } } }).spec)
  const { spec } = template
  // Without asking for the only GPU.
  spec.containers[0].resources = {}
  spec.nodeSelector = { 'kubernetes.io/hostname': node }
  spec.terminationGracePeriodSeconds = 1
  change?.(spec)
  const labels = { scene: name }
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'default' },
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
  }
}
