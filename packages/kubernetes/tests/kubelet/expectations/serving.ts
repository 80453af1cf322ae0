import { expect } from '@jest/globals'
import { containerId, imageOf, said, wholeSeconds, type Expectation } from './expectation.ts'

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

export const serving: readonly Expectation[] = [
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
        containerID: containerId,
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
]
