import { numberAt } from '@prebake/manifests'
import { flaw, type Flaw, type Unjudged } from '../../finding.ts'
import { valueOf } from '../../ports/fact.ts'
import { allowedTypes, unknownTypes } from '../../subject/allowed-types.ts'
import { snapshotOf, snapshotVolumes, type NodeVolume } from '../../subject/node-classes.ts'
import { gpuPods, placementsOf } from '../../subject/placements.ts'
import { requestsOf } from '../../subject/pod-resources.ts'
import type { PreflightSubject } from '../../subject/subject.ts'
import { gp3Performance } from '../nodes-never-made/refused-volume.ts'
import { rule, type Rule } from '../rule.ts'

const rateOf = ({ ebs }: NodeVolume) => numberAt(ebs, 'volumeInitializationRate')
const fastRestoreZones = (subject: PreflightSubject, volume: NodeVolume) => valueOf(snapshotOf(subject, volume)?.fastRestoreZones)
const gpuWords = (count: number) => `${count} GPU${count === 1 ? '' : 's'}`

/** What the volume does not deliver fast enough. */
export const slowVolume: readonly Rule[] = [
  rule({
    id: 'lazy-volume',
    severity: 'warning',
    about: 'Neither `volumeInitializationRate` nor Fast Snapshot Restore: blocks come from S3 when they are first read.',
    needs: ['snapshot'],
    each: snapshotVolumes,
    judge: (volume, subject) => {
      const zones = fastRestoreZones(subject, volume)
      if (rateOf(volume) !== undefined || zones === undefined || zones.length > 0) return undefined
      const problem =
        'every block is fetched from S3 when it is first read, at an unspecified rate: an image that is there can still take minutes to start.'
      return flaw(volume, 'ebs', problem, 'Set `volumeInitializationRate: 300`.')
    },
  }),
  rule({
    id: 'rate-beside-fast-restore',
    severity: 'warning',
    about: '`volumeInitializationRate` on a snapshot with Fast Snapshot Restore, which EBS then does not use although it is paid for.',
    needs: ['snapshot'],
    each: snapshotVolumes,
    judge: (volume, subject) => {
      const zones = fastRestoreZones(subject, volume) ?? []
      if (rateOf(volume) === undefined || zones.length === 0) return undefined
      const problem = `${volume.snapshotId} has Fast Snapshot Restore in ${zones.join(', ')}, and EBS uses the rate instead of it.`
      const fix = 'Leave `volumeInitializationRate` out, or turn Fast Snapshot Restore off.'
      return flaw(volume, 'ebs.volumeInitializationRate', problem, fix)
    },
  }),
  rule({
    id: 'throughput-unset',
    severity: 'warning',
    about: 'The volume has the lowest throughput there is, 125 MiB/s.',
    each: snapshotVolumes,
    judge: (volume) => {
      if (gp3Performance(volume)?.throughput !== 125) return undefined
      const problem = 'at 125 MiB/s it takes 33 s (4 GB) or 116 s (14.5 GB) to read the weights alone.'
      return flaw(volume, 'ebs.throughput', problem, 'Set `throughput: 600`, which 3000 IOPS allow.')
    },
  }),
  rule({
    id: 'throughput-above-instances',
    severity: 'warning',
    about: 'More throughput than any allowed instance type has for EBS.',
    each: placementsOf,
    judge: ({ pod, pool, volume }, { instanceTypes }): Flaw | Unjudged | undefined => {
      const throughput = volume && gp3Performance(volume)?.throughput
      if (volume === undefined || throughput === undefined) return undefined
      const { types, unknown } = allowedTypes(pool, pod.spec, instanceTypes)
      if (unknown) return unknownTypes(pool)
      // EBS counts a volume in MiB/s, EC2 an instance in Mbit/s.
      const most = Math.floor((Math.max(...types.map(({ ebsMbps }) => ebsMbps)) * 1e6) / 8 / 2 ** 20)
      // A little more is no waste: 600 MiB/s are 629 MB/s, and an instance of 5,000 Mbit/s is sold as 625.
      if (types.length === 0 || throughput <= most * 1.05) return undefined
      const problem = `${throughput} MiB/s is paid for, and no instance type that ${pool.object.metadata.name} allows gets more than ${most}.`
      return flaw(volume, 'ebs.throughput', problem, `Set \`throughput: ${most}\`, or allow a larger type.`)
    },
  }),
  rule({
    id: 'shared-volume',
    severity: 'warning',
    about: 'Instance types with more GPUs than a pod asks for: while they load, their pods share the throughput of one volume.',
    each: gpuPods,
    judge: ({ pod, placements }, { instanceTypes }) =>
      placements.flatMap(({ pool, volume }): (Flaw | Unjudged)[] => {
        const asked = requestsOf(pod).gpus
        const { types: allowed, unknown } = allowedTypes(pool, pod.spec, instanceTypes)
        const shared = allowed.filter(({ gpus }) => gpus > asked)
        if (volume === undefined) return []
        if (shared.length === 0) return unknown ? [unknownTypes(pool)] : []
        const named = shared.slice(0, 3).map(({ name, gpus }) => `${name} (${gpus})`)
        const types = `${named.join(', ')}${shared.length > 3 ? ` and ${shared.length - 3} more` : ''}`
        const problem = `on ${types} pods with ${gpuWords(asked)} share one volume, which slows each pod's start.`
        return [flaw(pool, 'spec.template.spec.requirements', problem, `Allow only types with ${gpuWords(asked)}.`)]
      }),
  }),
]
