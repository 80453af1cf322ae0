import type { KubernetesObject } from '@prebake/manifests'
import type { ObservedPod } from './observed-pod.ts'

interface Container {
  image: string
  command?: string[]
  args: string[]
  resources: object
  startupProbe?: object | undefined
  readinessProbe?: object | undefined
  livenessProbe?: object | undefined
}

type Probes = Pick<Container, 'startupProbe' | 'readinessProbe' | 'livenessProbe'>

export interface PodSpec {
  nodeSelector?: Record<string, string>
  terminationGracePeriodSeconds?: number
  containers: [Container, ...object[]]
  volumes: { name: string; hostPath?: { path: string; type?: string } }[]
}

/** A pod that is played in front of the contract, and when it has been seen enough. */
export interface PodScene {
  /** Undefined: the shipped pod as it is. */
  readonly change?: (spec: PodSpec) => void
  /** Once it is so, the pod's Deployment is removed. */
  readonly removeWhen?: (pod: ObservedPod) => boolean
  readonly isSeen: (pod: ObservedPod) => boolean
}

const hasEvent = ({ events }: ObservedPod, reason: string, words: RegExp = /(?:)/): boolean =>
  events.some((event) => event.reason === reason && words.test(event.message))

const isBackingOff = (pod: ObservedPod): boolean => pod.container?.state.waiting?.reason === 'CrashLoopBackOff' && hasEvent(pod, 'BackOff')

/** For the third time at least. */
const runsAgain = ({ container }: ObservedPod): boolean => (container?.restartCount ?? 0) > 1 && container?.state.running !== undefined

/** Its paths are the folders of the image. */
const probe = (path: string, more: object = {}) => ({ httpGet: { path, port: 'http' }, periodSeconds: 1, timeoutSeconds: 5, ...more })

const noProbes: Probes = { startupProbe: undefined, readinessProbe: undefined, livenessProbe: undefined }

/** Lets the container run a program that starts at once where vLLM would take a minute. */
function run({ containers: [container] }: PodSpec, command: readonly string[], probes: Probes = {}): void {
  Object.assign(container, {
    command: [...command],
    args: [],
    ...noProbes,
    ...probes,
  })
}

/** A server that finds `/` and no other path. As the first process of its container it hears no SIGTERM. Probes begin once it serves. */
function serveFiles(spec: PodSpec, probes: Probes): void {
  run(spec, ['python3', '-m', 'http.server', '--bind', '0.0.0.0', '8000'], {
    startupProbe: probe('/', { failureThreshold: 120 }),
    ...probes,
  })
}

/** Seconds that the removed pod has to stop. */
export const grace = 90
/** Of a probe, until the container is killed: it has to run for longer than the first back-off, 10 s. */
export const failures = 6
const failing = { periodSeconds: 2, failureThreshold: failures }

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
    change: ({ containers: [container] }) => {
      container.args[0] = '/mnt/models/no-such-model'
      // Of one pod the kubelet sends 25 events, and then one in five minutes. Probes that meet no server use them up before vLLM has crashed.
      Object.assign(container, noProbes)
    },
    isSeen: isBackingOff,
  },
  'takes more memory than it may': {
    change: (spec) => {
      // It keeps what it reads until a line ends.
      run(spec, ['tail', '/dev/zero'])
      spec.containers[0].resources = { limits: { memory: '64Mi' } }
    },
    isSeen: isBackingOff,
  },
  'is never ready': {
    change: (spec) => serveFiles(spec, { readinessProbe: probe('/no-such-path') }),
    isSeen: (pod) => hasEvent(pod, 'Unhealthy', /^Readiness/),
  },
  'never starts': {
    change: (spec) => serveFiles(spec, { startupProbe: probe('/no-such-path', failing) }),
    isSeen: runsAgain,
  },
  'fails its liveness probe': {
    change: (spec) => serveFiles(spec, { livenessProbe: probe('/no-such-path', failing) }),
    isSeen: runsAgain,
  },
  'is removed': {
    change: (spec) => {
      serveFiles(spec, {})
      spec.terminationGracePeriodSeconds = grace
    },
    removeWhen: ({ container }) => container?.ready === true,
    isSeen: (pod) => pod.pod.metadata.deletionTimestamp !== undefined && hasEvent(pod, 'Killing'),
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
