import type { Environment } from '../report/report.ts'
import type { PhaseId } from '../timeline/phases.ts'
import type { Timeline } from '../timeline/timeline.ts'

export interface Explanation {
  /** What the start waited for, a sentence without a full stop, from what was seen. */
  readonly cause: string
  /** The next faster setting, as what to do; left out where none is known. */
  readonly next?: string
}

type Explain = (pod: Timeline, seconds: number, environment: Environment) => Explanation

/** From this share of the volume's throughput on, the volume is what limits. */
const nearCeiling = 0.8
/** The most that a step of throughput adds, and what EBS gives at most (gp3, MiB/s). */
const [throughputStep, mostThroughput] = [250, 1000]

const capacity: Explain = () => ({
  cause: 'it waited for an instance: Karpenter decided, and EC2 had to find capacity',
  next: 'allow more instance types, zones or capacity types in the NodePool',
})
const boot: Explain = () => ({
  cause: 'a new node had to boot and become usable',
  next: 'keep a node ready for the next pod, or choose an AMI and an instance type that boot faster',
})
const imports: Explain = (pod, _seconds, { volume }) =>
  pod.newNode && volume?.fromSnapshot === true ? filling('Python’s imports were read', volume) : { cause: 'Python imported its libraries' }

const explanations: Readonly<Partial<Record<PhaseId, Explain>>> = {
  'karpenter.decide': capacity,
  'nodeclaim.launch': capacity,
  'ec2.boot': boot,
  'node.ready': boot,
  'gpu.allocatable': boot,
  image: ({ cacheHit }) =>
    cacheHit === true
      ? { cause: 'the image was on the node, and still took that long' }
      : {
          cause: 'the image was pulled and unpacked',
          next: 'bake the image into the snapshot (`bake: both`), or pull it in parallel with SOCI',
        },
  'python.import': imports,
  'api.config': imports,
  'weights.download': () => ({ cause: 'the pod downloaded the weights', next: 'bake the model into the snapshot' }),
  'weights.read': readWeights,
  'model.load': readWeights,
  compile: ({ compileCache, compileMisses = [] }) =>
    compileCache === 'miss'
      ? {
          cause: `the compile cache was missed${compileMisses[0] === undefined ? '' : ` (${compileMisses[0].slice(0, 200)})`}`,
          next: 'keep `VLLM_CACHE_ROOT` on the node, filled by a pod with the same GPU, image and arguments',
        }
      : { cause: 'torch.compile loaded its cache' },
  'probe.slack': () => ({
    cause: 'vLLM served already, and the probe did not ask',
    next: 'a startupProbe with `periodSeconds: 2` and no `initialDelaySeconds`',
  }),
  unattributed: () => ({
    cause: 'no signal explains it',
    next: 'give the role the rights to read events and logs, or report the image’s log',
  }),
}

/** Why the phase took that long, from what was seen of the pod and its volume. */
export function explainLimit(phase: PhaseId, meaning: string, pod: Timeline, seconds: number, environment: Environment): Explanation {
  return explanations[phase]?.(pod, seconds, environment) ?? { cause: meaning }
}

function readWeights({ newNode, weightsGiB }: Timeline, seconds: number, { volume }: Environment): Explanation {
  const rate = weightsGiB === undefined ? undefined : weightsGiB / seconds
  const read = rate === undefined ? 'the weights were read' : `the weights were read at ${rate.toFixed(2)} GiB/s`
  if (volume?.throughputMiBps === undefined) return { cause: read }
  const ceiling = volume.throughputMiBps / 1024
  const against = `${read}, and the volume gives ${ceiling.toFixed(2)} GiB/s at most`
  if (rate !== undefined && rate >= nearCeiling * ceiling) {
    const more = Math.min(mostThroughput, volume.throughputMiBps + throughputStep)
    return { cause: against, ...(more > volume.throughputMiBps && { next: `\`throughput: ${more}\` for the volume` }) }
  }
  if (newNode && volume.fromSnapshot) return filling(against, volume)
  return { cause: against, next: 'read in large blocks (`--safetensors-load-strategy prefetch`)' }
}

/** What is read from a fresh volume comes from the snapshot first. */
function filling(read: string, { initializationRateMiBps }: NonNullable<Environment['volume']>): Explanation {
  const seen = 'off a volume that was new, so that EBS was still filling it (its own initialization status can lag by five minutes)'
  return {
    cause: `${read} ${seen}`,
    next:
      initializationRateMiBps === undefined ? '`volumeInitializationRate: 300` for the volume' : 'Fast Snapshot Restore for the snapshot',
  }
}
