import type { MarkId } from './mark.ts'

/** What decides between two readings of the same gap. */
export interface StartFacts {
  readonly newNode: boolean
  readonly requestsGpu: boolean
  readonly hasInitContainers: boolean
  readonly restarted: boolean
  /** vLLM neither compiles nor captures graphs. */
  readonly eager: boolean
}

interface Phase {
  readonly id: string
  readonly meaning: string
  /** Pairs of neighbouring marks that it lies between, where the condition holds. */
  readonly between: readonly (readonly [MarkId, MarkId, ((facts: StartFacts) => boolean)?])[]
}

/** The leaf phases in order. A gap between two marks that no phase names stays unattributed: that a mark is missing is no reason to stretch its neighbour. */
export const phases = [
  { id: 'scale.request', meaning: 'scale request to its answer', between: [['scale.sent', 'scale.answered']] },
  {
    id: 'controller.create',
    meaning: 'the controllers create the pod',
    between: [
      ['scale.answered', 'pod.created'],
      ['scale.sent', 'pod.created'],
    ],
  },
  { id: 'karpenter.decide', meaning: 'Karpenter decides on a node', between: [['pod.created', 'nominated']] },
  { id: 'nodeclaim.launch', meaning: 'EC2 accepts the launch, lack of capacity included', between: [['nominated', 'launched']] },
  { id: 'ec2.boot', meaning: 'the instance boots and registers', between: [['launched', 'registered']] },
  { id: 'node.ready', meaning: 'the node becomes Ready', between: [['registered', 'node.ready']] },
  { id: 'gpu.allocatable', meaning: 'the GPU becomes allocatable', between: [['node.ready', 'gpu.allocatable']] },
  {
    id: 'pod.bind',
    meaning: 'the scheduler binds the pod',
    between: [
      ['gpu.allocatable', 'bound'],
      ['node.ready', 'bound', ({ requestsGpu }) => !requestsGpu],
      ['pod.created', 'bound', ({ newNode }) => !newNode],
    ],
  },
  { id: 'kubelet.accept', meaning: 'the kubelet takes the pod', between: [['bound', 'accepted']] },
  {
    id: 'sandbox',
    meaning: 'volumes, network and sandbox',
    between: [
      ['accepted', 'sandbox.ready'],
      ['accepted', 'pulling', ({ hasInitContainers }) => !hasInitContainers],
      ['sandbox.ready', 'pulling', ({ hasInitContainers }) => !hasInitContainers],
    ],
  },
  {
    id: 'init',
    meaning: 'init containers',
    between: [
      ['sandbox.ready', 'initialized'],
      ['sandbox.ready', 'pulling', ({ hasInitContainers }) => hasInitContainers],
      ['initialized', 'pulling'],
    ],
  },
  { id: 'image', meaning: 'the image is pulled and unpacked', between: [['pulling', 'pulled']] },
  { id: 'container.create', meaning: 'the container is created and started', between: [['pulled', 'started']] },
  { id: 'container.restart', meaning: 'runs of the container that ended early', between: [['started', 'restarted']] },
  {
    id: 'python.import',
    meaning: 'Python starts and imports vLLM',
    between: [
      ['restarted', 'log.first'],
      ['started', 'log.first', ({ restarted }) => !restarted],
    ],
  },
  { id: 'api.config', meaning: 'API server: arguments, model configuration', between: [['log.first', 'engine.config']] },
  { id: 'engine.spawn', meaning: 'engine process, worker, device', between: [['engine.config', 'load.start']] },
  {
    id: 'model.init',
    meaning: 'the model is set up, before its weights',
    between: [
      ['load.start', 'weights.start'],
      ['load.start', 'download.start'],
      ['download.end', 'weights.start'],
    ],
  },
  { id: 'weights.download', meaning: 'the weights are downloaded', between: [['download.start', 'download.end']] },
  { id: 'weights.read', meaning: 'the weights are read', between: [['weights.start', 'weights.end']] },
  { id: 'weights.post', meaning: 'the weights are repacked', between: [['weights.end', 'load.end']] },
  { id: 'compile', meaning: 'torch.compile, or its cache', between: [['compile.start', 'compile.end']] },
  {
    id: 'kv.profile',
    meaning: 'memory profiling, KV cache',
    between: [
      ['compile.end', 'kv.end'],
      ['load.end', 'kv.end', ({ eager }) => eager],
    ],
  },
  { id: 'graphs.capture', meaning: 'CUDA graphs', between: [['graphs.start', 'graphs.end']] },
  {
    id: 'engine.other',
    meaning: 'the rest of the engine’s initialisation',
    between: [
      ['load.end', 'compile.start'],
      ['kv.end', 'graphs.start'],
      ['graphs.end', 'engine.ready'],
      ['kv.end', 'engine.ready', ({ eager }) => eager],
    ],
  },
  { id: 'server.start', meaning: 'the engine is ready, the server starts', between: [['engine.ready', 'served']] },
  { id: 'probe.slack', meaning: 'vLLM serves, the probe does not know yet', between: [['served', 'ready']] },
] as const satisfies readonly Phase[]

/** What no signal explains. */
export const unattributed = 'unattributed' as const

export type PhaseId = (typeof phases)[number]['id'] | typeof unattributed

const table: readonly Phase[] = phases

/** The phase between two neighbouring marks. */
export function phaseBetween(from: MarkId, to: MarkId, facts: StartFacts): PhaseId {
  const matches = ({ between }: Phase) => between.some(([first, last, holds]) => first === from && last === to && (holds?.(facts) ?? true))
  return (table.find(matches)?.id ?? unattributed) as PhaseId
}

/** The phase that is under way after a mark: the next one that begins there. Undefined after the last. */
export function phaseAfter(from: MarkId, facts: StartFacts): PhaseId | undefined {
  const begins = ({ between }: Phase) => between.some(([first, , holds]) => first === from && (holds?.(facts) ?? true))
  return table.find(begins)?.id as PhaseId | undefined
}
