interface Phase {
  readonly id: string
  readonly meaning: string
  /** What a start that hangs in this phase waits for, for people. */
  readonly waitsFor: string
}

/** The leaf phases that signals of the cluster show, in order. */
const clusterPhases = [
  { id: 'scale.request', meaning: 'scale request to its answer', waitsFor: 'the answer to the scale request' },
  { id: 'controller.create', meaning: 'the controllers create the pod', waitsFor: 'the controllers to create the pod' },
  { id: 'karpenter.decide', meaning: 'Karpenter decides on a node', waitsFor: 'Karpenter to decide on a node' },
  { id: 'nodeclaim.launch', meaning: 'EC2 accepts the launch, lack of capacity included', waitsFor: 'EC2 to launch the instance' },
  { id: 'ec2.boot', meaning: 'the instance boots and registers', waitsFor: 'the instance to boot and to register' },
  { id: 'node.ready', meaning: 'the node becomes Ready', waitsFor: 'the node to become Ready' },
  { id: 'gpu.allocatable', meaning: 'the GPU becomes allocatable', waitsFor: 'the device plugin to offer the GPU' },
  { id: 'pod.bind', meaning: 'the scheduler binds the pod', waitsFor: 'the scheduler to bind the pod' },
  { id: 'kubelet.accept', meaning: 'the kubelet takes the pod', waitsFor: 'the kubelet to take the pod' },
  { id: 'sandbox', meaning: 'volumes, network and sandbox', waitsFor: 'volumes, network and sandbox' },
  { id: 'init', meaning: 'init containers', waitsFor: 'the init containers' },
  { id: 'image', meaning: 'the image is pulled and unpacked', waitsFor: 'the image' },
  { id: 'container.create', meaning: 'the container is created and started', waitsFor: 'the container to start' },
  { id: 'container.restart', meaning: 'runs of the container that ended early', waitsFor: 'a run of the container that lasts' },
  { id: 'python.import', meaning: 'Python starts and imports vLLM', waitsFor: 'the first line of vLLM: Python is importing its libraries' },
] as const satisfies readonly Phase[]

/** The leaf phases that vLLM's log shows, in order. */
const logPhases = [
  {
    id: 'api.config',
    meaning: 'API server: arguments, model configuration',
    waitsFor: 'the engine to start: the API server is reading the model configuration',
  },
  { id: 'engine.spawn', meaning: 'engine process, worker, device', waitsFor: 'the workers: processes, devices, process groups' },
  { id: 'model.init', meaning: 'the model is set up, before its weights', waitsFor: 'the model to be set up, or its first weights' },
  {
    id: 'model.load',
    meaning: 'the model is set up and its weights are read; the log does not separate the two',
    waitsFor: 'the model to be loaded',
  },
  { id: 'weights.download', meaning: 'the weights are downloaded', waitsFor: 'the weights to be downloaded' },
  { id: 'weights.read', meaning: 'the weights are read', waitsFor: 'the weights to be read' },
  { id: 'weights.post', meaning: 'the weights are repacked', waitsFor: 'the weights to be repacked' },
  { id: 'compile', meaning: 'torch.compile, or its cache', waitsFor: 'torch.compile, or its cache' },
  { id: 'kv.profile', meaning: 'memory profiling, KV cache', waitsFor: 'memory profiling, which sizes the KV cache' },
  { id: 'kernels.warmup', meaning: 'kernels are compiled and tuned', waitsFor: 'kernels to be compiled and tuned' },
  { id: 'graphs.capture', meaning: 'CUDA graphs', waitsFor: 'CUDA graphs to be captured' },
  {
    id: 'engine.other',
    meaning: 'the rest of the engine’s initialization',
    waitsFor: 'a step of the engine’s initialization whose beginning vLLM does not log: cached compilations, kernels or CUDA graphs',
  },
  { id: 'server.start', meaning: 'the engine is ready, the server starts', waitsFor: 'the HTTP server' },
  { id: 'failure', meaning: 'vLLM reports a failure and stops', waitsFor: 'vLLM to exit' },
  { id: 'probe.slack', meaning: 'vLLM serves, the probe does not know yet', waitsFor: 'the readiness probe, although vLLM serves' },
] as const satisfies readonly Phase[]

/** All leaf phases in the order of a start. */
export const phases = [...clusterPhases, ...logPhases] as const

/** What no signal explains. */
export const unattributed = 'unattributed' as const

export type LogPhaseId = (typeof logPhases)[number]['id']
export type PhaseId = (typeof phases)[number]['id'] | typeof unattributed

/** What a start in this phase waits for. */
export function waitsFor(phase: PhaseId): string {
  return phases.find(({ id }) => id === phase)?.waitsFor ?? 'something that no signal shows'
}

/** 0 for the first phase of a start. */
export function phaseOrder(phase: LogPhaseId): number {
  return logPhases.findIndex(({ id }) => id === phase)
}
