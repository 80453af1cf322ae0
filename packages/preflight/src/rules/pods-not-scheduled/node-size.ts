import { flaw, unjudged, type Flaw, type Unjudged } from '../../finding.ts'
import { allowedTypes, unknownTypes } from '../../subject/allowed-types.ts'
import { familyOf, fits, smallest } from '../../subject/gpu-capacity.ts'
import { nodeStorageMiB } from '../../subject/node-storage.ts'
import { snapshotOf, snapshotVolumes } from '../../subject/node-classes.ts'
import { gpuPods, placedPods, type PlacedPod } from '../../subject/placements.ts'
import { requestsOf } from '../../subject/pod-resources.ts'
import type { PreflightSubject } from '../../subject/subject.ts'
import { rule, type Rule } from '../rule.ts'

/** Pods that ask for more than a node has. */
export const nodeSize: readonly Rule[] = [
  rule({
    id: 'requests-fit-no-type',
    severity: 'error',
    about: 'CPUs, memory and GPUs that no allowed instance type has. Names the smallest that does.',
    each: gpuPods,
    judge: tooLarge,
  }),
  rule({
    id: 'ephemeral-storage-too-large',
    severity: 'error',
    about: 'Pods request more ephemeral storage than the data volume of any node has.',
    each: placedPods,
    judge: tooMuchStorage,
  }),
  rule({
    id: 'volume-size-unset',
    severity: 'warning',
    about: 'No `volumeSize`: Karpenter then plans pods with 20 GiB of ephemeral storage.',
    each: snapshotVolumes,
    judge: (volume, subject) => {
      if (volume.ebs['volumeSize'] !== undefined) return undefined
      const size = snapshotOf(subject, volume)?.volumeSizeGiB
      const fix = `Set \`volumeSize\`${size === undefined ? '' : `, ${size}Gi or more`}.`
      return flaw(volume, 'ebs.volumeSize', 'Karpenter does not know the size of the snapshot and plans with 20Gi.', fix)
    },
  }),
]

function tooLarge({ pod, placements }: PlacedPod, { instanceTypes }: PreflightSubject): Flaw | Unjudged | undefined {
  const asked = requestsOf(pod)
  const allowed = placements.map(({ pool }) => allowedTypes(pool, pod.spec, instanceTypes))
  if (allowed.some(({ types }) => types.some((type) => fits(type, asked)))) return undefined
  const open = placements.find((_, index) => allowed[index]?.unknown)
  if (open !== undefined) return unknownTypes(open.pool)
  const types = allowed.flatMap((one) => one.types)
  const families = new Set(types.map(familyOf))
  const architectures = new Set(types.map(({ architecture }) => architecture))
  const fitting = instanceTypes.filter((type) => fits(type, asked) && (architectures.size === 0 || architectures.has(type.architecture)))
  const best = smallest(fitting.filter((type) => families.has(familyOf(type)))) ?? smallest(fitting)
  const words = `${asked.cpuMillis / 1000} CPUs, ${Math.round(asked.memoryMiB)} MiB and ${asked.gpus} GPU${asked.gpus === 1 ? '' : 's'}`
  const pools = placements.map(({ pool }) => pool.object.metadata.name).join(', ')
  const problem = `${words} fit no instance type that NodePool ${pools} allows: the pods stay Pending indefinitely.`
  const fix =
    best === undefined
      ? 'No NVIDIA instance type is that large: ask for less.'
      : `Allow ${best.name}, the smallest that fits, or ask for less.`
  return flaw(pod, 'containers', problem, fix)
}

function tooMuchStorage({ pod, placements }: PlacedPod): Flaw | Unjudged | undefined {
  const { storageMiB } = requestsOf(pod)
  if (storageMiB === 0 || placements.some(({ volume }) => volume === undefined)) return undefined
  const room = placements.flatMap(({ volume }) => (volume === undefined ? [] : [nodeStorageMiB(volume)]))
  if (room.some((most) => most !== undefined && most >= storageMiB)) return undefined
  if (room.includes(undefined)) return unjudged(pod, 'containers', 'the ephemeral storage of its nodes depends on their instance store')
  const most = Math.floor(Math.max(...room.map((each) => each ?? 0)) / 1024)
  const asked = Math.ceil(storageMiB / 1024)
  const problem = `${asked}Gi of ephemeral-storage fit no node, whose data volume leaves ${most}Gi: the pods stay Pending indefinitely.`
  return flaw(pod, 'containers', problem, "Ask for less, or set a larger `volumeSize` for the snapshot's volume.")
}
