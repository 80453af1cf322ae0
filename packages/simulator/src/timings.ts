/** One delay that the simulator plays, in simulated seconds, with where the figure comes from. */
export interface Timing {
  readonly seconds: number
  /** What the seconds stand for. */
  readonly meaning: string
  readonly source: string
}

/**
 * Every delay of the simulation stands here and nowhere else; `pnpm demo --timings` prints this table.
 * They are believable, not measured by us: a simulation proves order and failure handling, never speed.
 */
export const timings = {
  instancePending: {
    seconds: 12,
    meaning: "RunInstances to 'running'",
    source: 'believed; a few to some twenty seconds on Nitro types',
  },
  agentOnline: {
    seconds: 35,
    meaning: "'running' to the SSM agent online",
    source: 'believed; Bottlerocket nodes register within about 30 s (akingscote.co.uk), and the control container is pulled first',
  },
  adminReady: {
    seconds: 10,
    meaning: 'SSM agent online to the admin container running',
    source: 'believed; its image is pulled at boot as well',
  },
  commandStart: {
    seconds: 0.5,
    meaning: 'SendCommand to the start of the shell',
    source: 'believed',
  },
  invocationUnknown: {
    seconds: 1,
    meaning: "SendCommand to the end of 'InvocationDoesNotExist'",
    source: 'aws/aws-sdk#86: seen when polled right after SendCommand',
  },
  instanceStop: {
    seconds: 49,
    meaning: "StopInstances to 'stopped'",
    source: 'data-on-eks, "Preload container images", log of 2024-07-15: 49 s',
  },
  instanceTerminate: {
    seconds: 40,
    meaning: "TerminateInstances to 'terminated'",
    source: 'believed; half a minute to a minute',
  },
  snapshot: {
    seconds: 371,
    meaning: "CreateSnapshot to 'completed', a fresh volume of 150 GiB",
    source: 'data-on-eks, same log: 6 min 11 s',
  },
  hubGigabyteOnOneConnection: {
    seconds: 14.7,
    meaning: 'one connection downloads 10^9 bytes from the model hub',
    source: 'huggingface/xet-core#821: 67-69 MB/s from a fast edge of the network; two in three edges gave 8.7 MB/s',
  },
  hubGigabyteOnAllConnections: {
    seconds: 1.7,
    meaning: 'all connections together download 10^9 bytes from the model hub',
    source: 'believed for EC2; hiyouga/LlamaFactory#6750 reports 600 MB/s with parallel connections in another cloud',
  },
  imageGigabyte: {
    seconds: 17,
    meaning: 'containerd pulls and unpacks an image, for each 10^9 bytes of compressed layers',
    source: 'believed; AWS Machine Learning Blog on the SOCI snapshotter: 4 to 6 minutes for an image of 15 to 20 GB',
  },
  controllerSync: {
    seconds: 0.05,
    meaning: 'a change to the next step of a controller or a kubelet',
    source: 'believed',
  },
  schedulerPass: {
    seconds: 0.1,
    meaning: "a change to the scheduler's next pass",
    source: 'believed',
  },
  karpenterBatch: {
    seconds: 1,
    meaning: 'Karpenter waits for more pods before it plans',
    source: 'karpenter.sh, Settings: BATCH_IDLE_DURATION 1s',
  },
  disruptionPoll: {
    seconds: 10,
    meaning: 'Karpenter looks for nodes to replace',
    source: 'karpenter 1.14 pkg/controllers/disruption/controller.go: pollingPeriod',
  },
  nodeClassValidation: {
    seconds: 6,
    meaning: 'EC2NodeClass applied to Ready',
    source: 'Karpenter 1.14 against a local EC2 API, dry-run validation on: 6 s',
  },
  nodeLaunch: {
    seconds: 3,
    meaning: 'NodeClaim created to Launched (CreateFleet)',
    source: 'believed; with boot, ready and GPU 44 s: chrismld/ai-on-eks-demos measured 47 s for a node, akingscote.co.uk some 30 s',
  },
  nodeBoot: {
    seconds: 27,
    meaning: "Launched to the Node's registration",
    source: 'as nodeLaunch',
  },
  nodeReady: {
    seconds: 9,
    meaning: 'registration to Ready: network plugin',
    source: 'as nodeLaunch',
  },
  gpuAllocatable: {
    seconds: 5,
    meaning: 'Ready to an allocatable nvidia.com/gpu: device plugin',
    source: 'as nodeLaunch; bottlerocket-os/bottlerocket#3132 shows that it can take longer',
  },
  kubeletAccept: {
    seconds: 0.2,
    meaning: 'bound to accepted by the kubelet',
    source: 'believed',
  },
  podSandbox: {
    seconds: 1.5,
    meaning: 'sandbox and network of a pod',
    source: 'believed',
  },
  containerCreate: {
    seconds: 0.3,
    meaning: 'image there to container created',
    source: 'believed',
  },
  containerStart: {
    seconds: 0.3,
    meaning: 'container created to started',
    source: 'believed',
  },
  podStop: {
    seconds: 3,
    meaning: 'deletion to the end of a container',
    source: 'believed; vLLM ends within a few seconds of SIGTERM',
  },
  probeToReady: {
    seconds: 0.2,
    meaning: "a successful probe to the pod's condition",
    source: 'believed',
  },
  lazyGigabyte: {
    seconds: 10,
    meaning: '10^9 bytes are read from a volume whose blocks are still in the snapshot',
    source: 'believed; aws-samples/bottlerocket-images-cache#13 shows that it can be several times as slow',
  },
  cachedGigabyte: {
    seconds: 0.7,
    meaning: '10^9 bytes of weights go from the page cache to the GPU',
    source: 'believed; a warm 7B loads in 2 to 4 s (upb-cn/vllm-startup-profiler)',
  },
  podDownloadGigabyte: {
    seconds: 115,
    meaning: 'a pod downloads 10^9 bytes of weights',
    source: 'huggingface/xet-core#821: 8.7 MB/s from two in three edges; the fast ones are hubGigabyteOnOneConnection',
  },
  vllmImport: {
    seconds: 9,
    meaning: "container started to the first line of vLLM's log, image in memory",
    source: 'vllm-project/vllm#14924 and #15225: 4.7 s for `vllm --version`, 19 s to the device',
  },
  vllmConfig: {
    seconds: 6,
    meaning: "first lines to the engine's process: model class inspected",
    source: 'vllm-project/vllm#23558: 10.1 s without, 0.6 s with a cache',
  },
  vllmEngine: {
    seconds: 14,
    meaning: "the engine's process to 'Starting to load model'",
    source: 'chrismld/ai-on-eks-demos: 29 s with vllmConfig, image read as it goes (g5.2xlarge)',
  },
  vllmPostLoad: {
    seconds: 0.9,
    meaning: "weights read to 'Model loading took'",
    source: 'arm-learning-paths, log of vLLM 0.11.0: 0.8 s',
  },
  vllmDynamo: {
    seconds: 6,
    meaning: 'Dynamo bytecode transform',
    source: 'vllm-project/vllm#29335, log: 6.07 s',
  },
  vllmCompile: {
    seconds: 13.6,
    meaning: 'compiling the graph, no cache',
    source: 'vllm-project/vllm#29335, log: 13.62 s',
  },
  vllmCachedGraph: {
    seconds: 4.3,
    meaning: 'loading the compiled graph from a cache',
    source: 'upb-cn/vllm-startup-profiler, 7B: 4.3 s',
  },
  vllmProfile: {
    seconds: 4,
    meaning: 'memory profiling',
    source: 'upb-cn/vllm-startup-profiler: 2 s warm, 10 s cold',
  },
  vllmGraphs: {
    seconds: 8,
    meaning: 'capturing CUDA graphs',
    source: 'believed; logs show 1 to 18 s',
  },
  vllmServer: {
    seconds: 2,
    meaning: "engine ready to 'Application startup complete'",
    source: 'arm-learning-paths, log of vLLM 0.11.0: 3 s',
  },
} as const satisfies Record<string, Timing>
