import { expect } from '@jest/globals'
import type { ObservedPod } from './observed-pod.ts'
import type { PodSceneName } from './pod-scenes.ts'

/** One thing that the kubelet, containerd and vLLM are relied upon to say, and what it looks like on every node. */
export interface Expectation {
  readonly scene: PodSceneName
  readonly what: string
  readonly see: (observed: ObservedPod) => unknown
  readonly expected: (observed: ObservedPod) => unknown
}

const said = ({ events }: ObservedPod, reason: string) => events.filter((event) => event.reason === reason).map(({ message }) => message)
const wholeSeconds = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
const conditionsOf = ({ pod }: ObservedPod) => (pod.status.conditions ?? []).map(({ type, status, reason }) => [type, status, reason])
const unready = 'ContainersNotReady'
const ended = {
  exitCode: 1,
  reason: 'Error',
  startedAt: wholeSeconds,
  finishedAt: wholeSeconds,
  containerID: expect.stringMatching(/^containerd:\/\/[0-9a-f]{64}$/),
}
/** As Go writes durations; by the restart before. */
const backOffs = ['10s', '20s', '40s', '1m20s', '2m40s', '5m0s']
const imageOf = ({ pod }: ObservedPod) => pod.spec.containers[0]?.image ?? ''

/** Lines of a start in their order: what all releases of vLLM from 0.32 on write on every device. A bar returns to the start of its line before it is drawn. */
const startOfVllm = [
  /\] {2}▄▄ ▄█ █ {5}█ {5}█ ▀▄▀ █ {2}version \d+\.\d+\.\d+$/,
  /\] {3}█▄█▀ █ {5}█ {5}█ {5}█ {2}model {3}\/mnt\/models\//,
  /^\(APIServer pid=1\) INFO \d\d-\d\d \d\d:\d\d:\d\d \[\w+\.py:\d+\] non-default args: \{'model_tag': '/,
  /^\(APIServer pid=1\) INFO .* \[model\.py:\d+\] Resolved architecture: MistralForCausalLM$/,
  /^\(APIServer pid=1\) INFO .* \[model\.py:\d+\] Using max model len 8192$/,
  /^\(EngineCore pid=\d+\) INFO .* \[core\.py:\d+\] Initializing a V1 LLM engine \(v\d+\.\d+\.\d+\) with config: model='\/mnt\/models\//,
  /pid=\d+\) INFO .* \[parallel_state\.py:\d+\] world_size=1 rank=0 local_rank=0 distributed_init_method=/,
  /pid=\d+\) INFO .* \[parallel_state\.py:\d+\] rank 0 in world size 1 is assigned as DP rank 0, PP rank 0, PCP rank 0, TP rank 0, ETP rank 0, EP rank N\/A, EPLB rank N\/A$/,
  /pid=\d+\) INFO .* \[base_loader\.py:\d+\] Initializing model took \d+\.\d{6} seconds$/,
  /pid=\d+\) INFO .* \[weight_utils\.py:\d+\] Filesystem type for checkpoints: XFS\. Checkpoint size: [\d.]+ GiB\. Available RAM: [\d.]+ GiB\.$/,
  /pid=\d+\) INFO .* \[weight_utils\.py:\d+\] Auto-prefetch is disabled because the filesystem \(XFS\) is not a recognized network FS/,
  /^\rLoading safetensors checkpoint shards: {3}0% Completed \| 0\/\d+ \[00:00<\?, \?it\/s\]$/,
  /^\rLoading safetensors checkpoint shards: 100% Completed \| (\d+)\/\1 \[\d\d:\d\d<00:00, +[\d.]+(?:it\/s|s\/it)\]$/,
  /pid=\d+\) INFO .* \[default_loader\.py:\d+\] Loading weights took [\d.]+ seconds$/,
  /pid=\d+\) INFO .* \[core\.py:\d+\] init engine \(profile, create kv cache, warmup model\) took [\d.]+ s(?: \(compilation: [\d.]+ s\))?$/,
  /^\(APIServer pid=1\) INFO .* \[launcher\.py:\d+\] Available routes are:$/,
  /^INFO: {5}Started server process \[1\]$/,
  /^INFO: {5}Waiting for application startup\.$/,
  /^INFO: {5}Application startup complete\.$/,
  /^INFO: {5}[\d.]+:\d+ - "GET \/health HTTP\/1\.1" 200 OK$/,
]

export const expectations: readonly Expectation[] = [
  {
    scene: 'serves',
    what: 'what the kubelet says of a pod that finds its image',
    see: ({ events }) => events.filter(({ reason }) => reason !== 'Unhealthy').map(({ type, reason, message }) => [type, reason, message]),
    expected: (observed) => [
      ['Normal', 'Pulled', `Container image "${imageOf(observed)}" already present on machine and can be accessed by the pod`],
      ['Normal', 'Created', 'Container created'],
      ['Normal', 'Started', 'Container started'],
    ],
  },
  {
    scene: 'serves',
    what: 'who says it, of what, and when',
    see: ({ events }) => events,
    expected: ({ pod, events }) =>
      events.map(() =>
        expect.objectContaining({
          metadata: expect.objectContaining({ name: expect.stringMatching(new RegExp(`^${pod.metadata.name}\\.[0-9a-f]{16}$`)) }),
          source: { component: 'kubelet', host: pod.spec.nodeName },
          involvedObject: expect.objectContaining({ fieldPath: 'spec.containers{vllm}' }),
          count: expect.any(Number),
          firstTimestamp: wholeSeconds,
          lastTimestamp: wholeSeconds,
          eventTime: null,
          reportingComponent: 'kubelet',
          reportingInstance: pod.spec.nodeName,
        }),
      ),
  },
  {
    scene: 'serves',
    what: 'a warning of each startup probe that met no server, counted in one event',
    see: (observed) => said(observed, 'Unhealthy'),
    expected: ({ pod: { status } }) => [
      `Startup probe failed: Get "http://${status.podIP}:8000/health": dial tcp ${status.podIP}:8000: connect: connection refused`,
    ],
  },
  {
    scene: 'serves',
    what: 'conditions',
    see: ({ pod }) => (pod.status.conditions ?? []).map(({ type, status, lastTransitionTime }) => [type, status, lastTransitionTime]),
    expected: () =>
      expect.arrayContaining(
        ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map((type) => [
          type,
          'True',
          wholeSeconds,
        ]),
      ),
  },
  {
    scene: 'serves',
    what: 'the state of its container',
    see: ({ container }) => container,
    expected: () =>
      expect.objectContaining({
        name: 'vllm',
        imageID: expect.stringMatching(/@sha256:[0-9a-f]{64}$/),
        containerID: ended.containerID,
        ready: true,
        started: true,
        restartCount: 0,
        state: { running: { startedAt: wholeSeconds } },
        lastState: {},
      }),
  },
  {
    scene: 'serves',
    what: 'vLLM’s log, line after line',
    see: ({ log }) => {
      const texts = log.map(({ text }) => text)
      let from = 0
      return startOfVllm.filter((form) => {
        const index = texts.findIndex((text, at) => at >= from && form.test(text))
        if (index !== -1) from = index + 1
        return index !== -1
      })
    },
    expected: () => startOfVllm,
  },
  {
    scene: 'serves',
    what: 'stamps of the runtime to the nanosecond, in order',
    see: ({ log }) => log.map(({ time }) => time).filter((time, index, all) => !/\.\d{9}Z$/.test(time) || time < (all[index - 1] ?? '')),
    expected: () => [],
  },
  {
    scene: 'serves',
    what: 'Ready within two periods of the probe after the server has said that it serves',
    see: ({ pod, log }) => {
      const served = log.find(({ text }) => text.endsWith('Application startup complete.'))?.time ?? ''
      const ready = pod.status.conditions?.find(({ type }) => type === 'Ready')?.lastTransitionTime ?? ''
      const seconds = (Date.parse(ready) - Date.parse(served)) / 1000
      // The condition has whole seconds.
      return seconds > -1 && seconds < 5 ? 'within two periods' : seconds
    },
    expected: () => 'within two periods',
  },
  {
    scene: 'finds no image',
    what: 'what the kubelet says of an image that it cannot pull',
    see: ({ events }) => new Set(events.map(({ type, reason, message }) => `${type} ${reason} ${message.replace(/: failed to .*/, '')}`)),
    expected: (observed) =>
      new Set([
        `Normal Pulling Pulling image "${imageOf(observed)}"`,
        `Warning Failed Failed to pull image "${imageOf(observed)}"`,
        'Warning Failed Error: ErrImagePull',
        `Normal BackOff Back-off pulling image "${imageOf(observed)}"`,
        'Warning Failed Error: ImagePullBackOff',
      ]),
  },
  {
    scene: 'finds no image',
    what: 'why the container waits',
    see: ({ container }) => container?.state.waiting?.message,
    expected: (observed) => {
      const [problem = ''] = said(observed, 'Failed').filter((message) => message.startsWith('Failed to pull'))
      const words = problem.replace(`Failed to pull image "${imageOf(observed)}": `, '')
      return `Back-off pulling image "${imageOf(observed)}": ErrImagePull: ${words}`
    },
  },
  {
    scene: 'finds no image',
    what: 'containerd’s words for a registry that it cannot find',
    see: (observed) => said(observed, 'Failed')[0]?.replace(/ on [\d.]+:53: .*/, ''),
    expected: (observed) =>
      [
        `Failed to pull image "${imageOf(observed)}": failed to pull and unpack image "${imageOf(observed)}": failed to resolve image`,
        'failed to do request: Head "https://registry.invalid/v2/vllm/vllm-openai/manifests/v1": dial tcp: lookup registry.invalid',
      ].join(': '),
  },
  {
    scene: 'finds no image',
    what: 'conditions',
    see: conditionsOf,
    expected: () => expect.arrayContaining([['Ready', 'False', unready]]),
  },
  {
    scene: 'finds no folder',
    what: 'what the kubelet says of a folder that is not there',
    see: (observed) => said(observed, 'FailedMount')[0],
    expected: () => 'MountVolume.SetUp failed for volume "models" : hostPath type check failed: /mnt/no-such-folder is not a directory',
  },
  {
    scene: 'finds no folder',
    what: 'why the container waits',
    see: ({ container }) => container?.state.waiting,
    expected: () => ({ reason: 'ContainerCreating' }),
  },
  {
    scene: 'crashes',
    what: 'the first restart comes at once, each later one waits twice as long as the one before',
    see: ({ container }) => container,
    expected: ({ pod: { metadata }, container }) =>
      expect.objectContaining({
        // A busy machine may have missed the first wait.
        restartCount: expect.any(Number),
        state: {
          waiting: {
            reason: 'CrashLoopBackOff',
            message: `back-off ${backOffs[(container?.restartCount ?? 0) - 1]} restarting failed container=vllm pod=${metadata.name}_default(${metadata.uid})`,
          },
        },
        lastState: { terminated: ended },
      }),
  },
  {
    scene: 'crashes',
    what: 'what the kubelet says of it',
    see: (observed) => said(observed, 'BackOff'),
    expected: ({ pod: { metadata } }) => [`Back-off restarting failed container vllm in pod ${metadata.name}_default(${metadata.uid})`],
  },
  {
    scene: 'crashes',
    what: 'how often it was started',
    see: ({ events }) => events.filter(({ reason }) => reason === 'Started').map(({ count }) => count),
    expected: ({ container }) => [(container?.restartCount ?? 0) + 1],
  },
]
