/** One delay that the simulator plays, in simulated seconds, with where the figure comes from. */
export interface Timing {
  readonly seconds: number
  /** What the seconds stand for. */
  readonly meaning: string
  readonly source: string
}

const timing = (seconds: number, meaning: string, source: string): Timing => ({ seconds, meaning, source })

/**
 * Every delay of the simulation stands here and nowhere else; `pnpm demo --timings` prints this table.
 * They are believable, not measured by us: a simulation proves order and failure handling, never speed.
 */
export const timings = {
  instancePending: timing(12, "RunInstances to 'running'", 'believed; a few to some twenty seconds on Nitro types'),
  agentOnline: timing(
    35,
    "'running' to the SSM agent online",
    'believed; Bottlerocket nodes register within about 30 s (akingscote.co.uk), and the control container is pulled first',
  ),
  adminReady: timing(10, 'SSM agent online to the admin container running', 'believed; its image is pulled at boot as well'),
  commandStart: timing(0.5, 'SendCommand to the start of the shell', 'believed'),
  invocationUnknown: timing(
    1,
    "SendCommand to the end of 'InvocationDoesNotExist'",
    'aws/aws-sdk#86: seen when polled right after SendCommand',
  ),
  instanceStop: timing(49, "StopInstances to 'stopped'", 'data-on-eks, "Preload container images", log of 2024-07-15: 49 s'),
  instanceTerminate: timing(40, "TerminateInstances to 'terminated'", 'believed; half a minute to a minute'),
  snapshot: timing(371, "CreateSnapshot to 'completed', a fresh volume of 150 GiB", 'data-on-eks, same log: 6 min 11 s'),
  hubGigabyteOnOneConnection: timing(
    14.7,
    'one connection downloads 10^9 bytes from the model hub',
    'huggingface/xet-core#821: 67-69 MB/s from a fast edge of the network; two in three edges gave 8.7 MB/s',
  ),
  hubGigabyteOnAllConnections: timing(
    1.7,
    'all connections together download 10^9 bytes from the model hub',
    'believed for EC2; hiyouga/LlamaFactory#6750 reports 600 MB/s with parallel connections in another cloud',
  ),
  imageGigabyte: timing(
    17,
    'containerd pulls and unpacks an image, for each 10^9 bytes of compressed layers',
    'believed; AWS Machine Learning Blog on the SOCI snapshotter: 4 to 6 minutes for an image of 15 to 20 GB',
  ),
  controllerSync: timing(0.05, 'a change to the next step of a controller or a kubelet', 'believed'),
  schedulerPass: timing(0.1, "a change to the scheduler's next pass", 'believed'),
  karpenterBatch: timing(1, 'Karpenter waits for more pods before it plans', 'karpenter.sh, Settings: BATCH_IDLE_DURATION 1s'),
  disruptionPoll: timing(
    10,
    'Karpenter looks for nodes to replace',
    'karpenter 1.14 pkg/controllers/disruption/controller.go: pollingPeriod',
  ),
  nodeClassValidation: timing(6, 'EC2NodeClass applied to Ready', 'Karpenter 1.14 against a local EC2 API, dry-run validation on: 6 s'),
  nodeLaunch: timing(
    3,
    'NodeClaim created to Launched (CreateFleet)',
    'believed; with boot, ready and GPU 44 s: chrismld/ai-on-eks-demos measured 47 s for a node, akingscote.co.uk some 30 s',
  ),
  nodeBoot: timing(27, "Launched to the Node's registration", 'as nodeLaunch'),
  nodeReady: timing(9, 'registration to Ready: network plugin', 'as nodeLaunch'),
  gpuAllocatable: timing(
    5,
    'Ready to an allocatable nvidia.com/gpu: device plugin',
    'as nodeLaunch; bottlerocket-os/bottlerocket#3132 shows that it can take longer',
  ),
  kubeletAccept: timing(0.2, 'bound to accepted by the kubelet', 'believed'),
  podSandbox: timing(1.5, 'sandbox and network of a pod', 'believed'),
  containerCreate: timing(0.3, 'image there to container created', 'believed'),
  containerStart: timing(0.3, 'container created to started', 'believed'),
  podStop: timing(3, 'deletion to the end of a container', 'believed; vLLM ends within a few seconds of SIGTERM'),
  fileServer: timing(0.3, 'container started to a Python file server that listens', 'believed'),
  memoryTaken: timing(
    0.2,
    'container started to the end of a program that takes all memory it may have',
    'believed; limits of some 100 MB',
  ),
  probeToReady: timing(0.2, "a successful probe to the pod's condition", 'believed'),
  firstCompletion: timing(0.9, 'the first completion of a server to its first token', 'believed; the first request still warms kernels'),
  warmCompletion: timing(0.08, 'a later completion to its first token', 'believed; a short prompt on a 7B model'),
  lazyGigabyte: timing(
    10,
    '10^9 bytes are read from a volume whose blocks are still in the snapshot',
    'believed; aws-samples/bottlerocket-images-cache#13 shows that it can be several times as slow',
  ),
  cachedGigabyte: timing(
    0.7,
    '10^9 bytes of weights go from the page cache to the GPU',
    'believed; a warm 7B loads in 2 to 4 s (upb-cn/vllm-startup-profiler)',
  ),
  podDownloadGigabyte: timing(
    115,
    'a pod downloads 10^9 bytes of weights',
    'huggingface/xet-core#821: 8.7 MB/s from two in three edges; the fast ones are hubGigabyteOnOneConnection',
  ),
  vllmImport: timing(
    9,
    "container started to the first line of vLLM's log, image in memory",
    'vllm-project/vllm#14924 and #15225: 4.7 s for `vllm --version`, 19 s to the device',
  ),
  vllmConfig: timing(
    6,
    "first lines to the engine's process: model class inspected",
    'vllm-project/vllm#23558: 10.1 s without, 0.6 s with a cache',
  ),
  vllmEngine: timing(
    14,
    "the engine's process to 'Starting to load model'",
    'chrismld/ai-on-eks-demos: 29 s with vllmConfig, image read as it goes (g5.2xlarge)',
  ),
  vllmPostLoad: timing(0.9, "weights read to 'Model loading took'", 'arm-learning-paths, log of vLLM 0.11.0: 0.8 s'),
  vllmDynamo: timing(6, 'Dynamo bytecode transform', 'vllm-project/vllm#29335, log: 6.07 s'),
  vllmCompile: timing(13.6, 'compiling the graph, no cache', 'vllm-project/vllm#29335, log: 13.62 s'),
  vllmCachedGraph: timing(4.3, 'loading the compiled graph from a cache', 'upb-cn/vllm-startup-profiler, 7B: 4.3 s'),
  vllmProfile: timing(4, 'memory profiling', 'upb-cn/vllm-startup-profiler: 2 s warm, 10 s cold'),
  vllmGraphs: timing(8, 'capturing CUDA graphs', 'believed; logs show 1 to 18 s'),
  vllmServer: timing(2, "engine ready to 'Application startup complete'", 'arm-learning-paths, log of vLLM 0.11.0: 3 s'),
} as const satisfies Record<string, Timing>
