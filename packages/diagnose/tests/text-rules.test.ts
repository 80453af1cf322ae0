import { expect, test } from '@jest/globals'
import type { Evidence, Symptom } from '../src/index.ts'
import { textRules } from '../src/index.ts'
import { judgeTexts } from '../src/judge-texts.ts'

const path = '/mnt/models/hf-cache/hub/models--TheBloke--Mistral/snapshots/0123456789abcdef0123456789abcdef01234567'
const cases: readonly (readonly [rule: string, kind: Evidence['kind'], text: string])[] = [
  [
    'restricted-label',
    'event',
    'FailedScheduling: Failed to schedule pod, label karpenter.k8s.aws/ec2nodeclass is restricted; specify a well known label',
  ],
  [
    'untolerated-taint',
    'event',
    'FailedScheduling: Failed to schedule pod, incompatible with nodepool "gpu", daemonset overhead={"cpu":"605m"}, did not tolerate nvidia.com/gpu=1:NoSchedule',
  ],
  ['untolerated-taint', 'event', 'FailedScheduling: 0/3 nodes are available: 3 node(s) had untolerated taint {nvidia.com/gpu: true}.'],
  ['nodepool-limits', 'event', 'FailedScheduling: Failed to schedule pod, all available instance types exceed limits for nodepool: "vllm"'],
  [
    'gpu-quota',
    'event',
    'InsufficientCapacityError: creating instance, VcpuLimitExceeded: You have requested more vCPU capacity than your current vCPU limit of 0 allows for the instance bucket',
  ],
  ['gpu-quota', 'condition', 'LaunchFailed: MaxSpotInstanceCountExceeded: Max spot instance count exceeded'],
  ['initialization-quota', 'condition', 'LaunchFailed: The volume initialization rate exceeds the quota of this Region'],
  ['snapshot-not-there', 'condition', "LaunchFailed: InvalidSnapshot.NotFound: The snapshot 'snap-0123456789abcdef0' does not exist."],
  ['kms-denied', 'condition', 'LaunchFailed: Client.InternalError: Client error on launch'],
  [
    'permission-missing',
    'condition',
    'LaunchFailed: UnauthorizedOperation: You are not authorized to perform this operation. User: arn is not authorized to perform: ec2:CreateFleet',
  ],
  [
    'no-capacity',
    'event',
    'InsufficientCapacityError: InsufficientInstanceCapacity: We currently do not have sufficient g6.2xlarge capacity in the Availability Zone you requested',
  ],
  [
    'gpu-not-allocatable',
    'condition',
    'NodeClaim vllm-x: Initialized Unknown: ResourceNotRegistered: Resource "nvidia.com/gpu" was requested but not registered',
  ],
  ['gpu-not-allocatable', 'event', 'FailedScheduling: 0/1 nodes are available: 1 Insufficient nvidia.com/gpu.'],
  [
    'no-nodepool-fits',
    'event',
    'FailedScheduling: Failed to schedule pod, incompatible with nodepool "default", daemonset overhead={"cpu":"180m"}, incompatible requirements, label "workload" does not have known values',
  ],
  ['no-nodepool-fits', 'event', "FailedScheduling: 0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector."],
  ['node-class-not-ready', 'event', 'NodeClassNotReady: NodeClass not ready'],
  ['node-class-not-ready', 'condition', 'SubnetsReady False: SubnetsNotFound: SubnetSelector did not match any Subnets'],
  [
    'model-folder-absent',
    'event',
    'FailedMount: MountVolume.SetUp failed for volume "models" : hostPath type check failed: /mnt/models is not a directory',
  ],
  [
    'service-link-port',
    'log',
    "ValueError: VLLM_PORT 'tcp://10.100.3.4:8000' appears to be a URI. This may be caused by a Kubernetes service discovery issue",
  ],
  [
    'out-of-gpu-memory',
    'log',
    'torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 224.00 MiB. GPU 0 has a total capacity of 22.06 GiB',
  ],
  [
    'out-of-gpu-memory',
    'log',
    'ValueError: No available memory for the cache blocks. Try increasing `gpu_memory_utilization` when initializing the engine.',
  ],
  ['out-of-memory', 'status', 'its container ended with exit code 137 (OOMKilled)'],
  [
    'download-while-offline',
    'log',
    'huggingface_hub.errors.LocalEntryNotFoundError: Cannot find an appropriate cached snapshot folder for the specified revision on the local disk and outgoing traffic has been disabled.',
  ],
  [
    'download-while-offline',
    'log',
    'huggingface_hub.errors.OfflineModeIsEnabled: Cannot reach https://huggingface.co/api/models/x: offline mode is enabled.',
  ],
  ['wrong-revision', 'log', `OSError: ${path} does not exist`],
  ['wrong-revision', 'log', `ValueError: Invalid repository ID or local directory specified: '${path}'.`],
  ['volume-full', 'log', "OSError: [Errno 28] No space left on device: '/cache/vllm/torch_compile_cache'"],
  ['volume-full', 'status', 'Evicted: The node was low on resource: ephemeral-storage. Threshold quantity: 429391872, available: 0. '],
  ['cache-read-only', 'log', "OSError: [Errno 30] Read-only file system: '/cache/vllm'"],
  ['port-taken', 'log', 'OSError: [Errno 98] Address already in use'],
  [
    'tokenizer-missing',
    'log',
    "ValueError: Couldn't instantiate the backend tokenizer from one of: (1) a `tokenizers` library serialization file",
  ],
  [
    'node-disk-pressure',
    'event',
    'FailedScheduling: 0/2 nodes are available: 1 node(s) had untolerated taint(s) {node.kubernetes.io/disk-pressure: }.',
  ],
  ['model-missing', 'log', `ValueError: Unrecognized model in ${path}. Should have a \`model_type\` key in its config.json.`],
  ['label-denied', 'log', "PermissionError: [Errno 13] Permission denied: '/mnt/models/hf-cache/hub'"],
  ['model-missing', 'log', "ValueError: Invalid repository ID or local directory specified: '/opt/no-model'."],
  ['model-missing', 'log', 'RuntimeError: Cannot find any model weights with `/mnt/models/x`'],
  [
    'model-unreadable',
    'log',
    'safetensors_rust.SafetensorError: Error while deserializing header: incomplete metadata, file not fully covered',
  ],
  [
    'unsupported-gpu',
    'log',
    'ValueError: Bfloat16 is only supported on GPUs with compute capability of at least 8.0. Your Tesla T4 GPU has compute capability 7.5.',
  ],
  ['unsupported-gpu', 'log', 'torch.AcceleratorError: CUDA error: no kernel image is available for execution on the device'],
  ['bad-argument', 'log', 'vllm: error: unrecognized arguments: --max-model-length 8192'],
  [
    'image-broken',
    'status',
    'CreateContainerError: failed to create containerd container: failed to stat parent: stat /var/lib/containerd: no such file or directory',
  ],
  ['image-not-pulled', 'status', 'ImagePullBackOff: Back-off pulling image "vllm/vllm-openai:v0"'],
  [
    'image-not-pulled',
    'event',
    'Failed: Failed to pull image "x": rpc error: code = NotFound desc = failed to pull and unpack image "x": failed to resolve reference "x": not found',
  ],
  ['weights-downloaded', 'log', 'INFO 11-30 10:00:00 [weight_utils.py:312] Time spent downloading weights for x: 412.117000 seconds'],
  ['compile-cache-missed', 'log', 'INFO 11-30 10:00:00 [backends.py:215] Compiling a graph for dynamic shape takes 13.62 s'],
  [
    'two-weight-formats',
    'log',
    "Found both sharded weights and consolidated.safetensors: ['consolidated.safetensors', 'model-00001-of-00003.safetensors']",
  ],
]

const all = new Set<Symptom>(['pending', 'crashing', 'slow'])
test.each(cases)('%s: %s: %s', (rule, kind, text) => {
  const found = judgeTexts([{ object: 'Pod default/vllm-1', kind, text }], all, (check) => check)
  const symptom = textRules.find(({ id }) => id === rule)?.symptom
  expect(found.filter((finding) => finding.symptom === symptom).map((finding) => finding.rule)).toEqual([rule])
})

test('every rule has a case, a source and a command', () => {
  expect(textRules.map(({ id }) => id).filter((id) => !cases.some(([rule]) => rule === id))).toEqual([])
  expect(textRules.filter(({ source, check, remedy }) => source === '' || check === '' || !remedy.endsWith('.'))).toEqual([])
  expect(new Set(textRules.map(({ id }) => id)).size).toBe(textRules.length)
})

test.each([
  'INFO 11-30 10:00:00 [model_runner.py:1] Loading weights took 7.58 seconds',
  'Normal: Successfully assigned default/vllm-1 to ip-10-0-0-1',
  'INFO: Application startup complete.',
  'Directly load the compiled graph(s) for dynamic shape from the cache, took 1.34 s',
])('a start without a fault has no finding: %s', (text) => {
  for (const kind of ['event', 'status', 'condition', 'log'] as const)
    expect(judgeTexts([{ object: 'Pod default/vllm-1', kind, text }], all, (check) => check)).toEqual([])
})

test('a symptom that is not there has no finding, and equal lines count once', () => {
  const line = { object: 'Pod default/vllm-1', kind: 'event', text: 'Failed to pull image "x"' } as const
  expect(judgeTexts([line], new Set(['pending']), (check) => check)).toEqual([])
  expect(judgeTexts([line, { ...line, object: 'Pod default/vllm-2' }], all, (check) => check)[0]?.evidence).toHaveLength(1)
  const withReason = { ...line, kind: 'status', text: `ErrImagePull: ${line.text}` } as const
  expect(judgeTexts([line, withReason], all, (check) => check)[0]?.evidence).toEqual([line])
})
