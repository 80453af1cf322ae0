import { valueOf } from '../ports/fact.ts'
import type { Fault, Rule } from '../finding.ts'
import { faultAt } from '../subject/located.ts'
import { allBakedVolumes, type BakedVolume } from '../subject/node-classes.ts'
import { numberAt, parseGiB, textAt } from '@prebake/manifests'
import { allowedTypes } from '../subject/node-pools.ts'
import { placementsOf } from '../subject/placements.ts'
import type { PreflightSubject } from '../subject/subject.ts'

type Judged = { readonly field: string; readonly reason: string; readonly remedy: string } | undefined

const judgeEach = (subject: PreflightSubject, judge: (volume: BakedVolume) => Judged): readonly Fault[] =>
  allBakedVolumes(subject).flatMap((volume): Fault[] => {
    const found = judge(volume)
    return found === undefined ? [] : [faultAt(volume.nodeClass, `${volume.path}.${found.field}`, found.reason, found.remedy)]
  })

const rateOf = ({ ebs }: BakedVolume) => numberAt(ebs, 'volumeInitializationRate')
const isGp3 = ({ ebs }: BakedVolume) => textAt(ebs, 'volumeType') === 'gp3'
/** What EBS takes where nothing is given. */
const performanceOf = ({ ebs }: BakedVolume) => ({ iops: numberAt(ebs, 'iops') ?? 3000, throughput: numberAt(ebs, 'throughput') ?? 125 })

const fastRestoreZones = (subject: PreflightSubject, { snapshotId }: BakedVolume) =>
  valueOf(valueOf(subject.facts.snapshot[snapshotId])?.fastRestoreZones)

/** Block device mappings with a snapshot: what EBS refuses, and what makes the snapshot worth nothing. */
export const volumeRules: readonly Rule[] = [
  {
    id: 'data-device',
    severity: 'error',
    about: "The snapshot is not on `/dev/xvdb`, Bottlerocket's data volume.",
    judge: (subject) =>
      judgeEach(subject, ({ deviceName }) =>
        deviceName === undefined || deviceName === '/dev/xvdb'
          ? undefined
          : {
              field: 'deviceName',
              reason: `the snapshot is on ${deviceName}; Bottlerocket keeps images and /mnt on /dev/xvdb and mounts no other volume by itself.`,
              remedy: 'Set `deviceName: /dev/xvdb`.',
            },
      ),
  },
  {
    id: 'gp3-limits',
    severity: 'error',
    about: 'IOPS or throughput outside of what a gp3 volume can have: 3,000 to 80,000 and at most 500 per GiB; 125 to 2,000 MiB/s.',
    judge: (subject) =>
      judgeEach(subject, (volume) => {
        if (!isGp3(volume)) return undefined
        const { iops, throughput } = performanceOf(volume)
        if (throughput < 125 || throughput > 2000)
          return { field: 'ebs.throughput', reason: `${throughput} MiB/s is outside of 125 to 2000.`, remedy: 'Set one in between.' }
        const most = Math.min(80_000, Math.max(3000, 500 * (parseGiB(volume.ebs['volumeSize']) ?? Infinity)))
        if (iops >= 3000 && iops <= most) return undefined
        return { field: 'ebs.iops', reason: `${iops} IOPS is outside of 3000 to ${most}.`, remedy: 'Set one in between.' }
      }),
  },
  {
    id: 'iops-for-throughput',
    severity: 'error',
    about: 'IOPS below what the throughput needs: EBS gives 0.25 MiB/s per IOPS.',
    judge: (subject) =>
      judgeEach(subject, (volume) => {
        const { iops, throughput } = performanceOf(volume)
        if (!isGp3(volume) || throughput <= iops * 0.25) return undefined
        return {
          field: 'ebs.iops',
          reason: `${throughput} MiB/s needs ${throughput * 4} IOPS, and the volume has ${iops}: EC2 refuses every launch.`,
          remedy: `Set \`iops: ${throughput * 4}\`, or \`throughput: ${Math.floor(iops / 4)}\`.`,
        }
      }),
  },
  {
    id: 'throughput-unset',
    severity: 'warning',
    about: 'The volume has the least throughput that there is, 125 MiB/s.',
    judge: (subject) =>
      judgeEach(subject, (volume) => {
        if (!isGp3(volume) || performanceOf(volume).throughput !== 125) return undefined
        return {
          field: 'ebs.throughput',
          reason: 'at 125 MiB/s the weights alone take 33 s (4 GB) or 116 s (14.5 GB) to read.',
          remedy: 'Set `throughput: 600`, which 3000 IOPS allow.',
        }
      }),
  },
  {
    id: 'throughput-above-instances',
    severity: 'warning',
    about: 'More throughput than any allowed instance type has for EBS.',
    judge: tooFast,
  },
  {
    id: 'initialization-rate-range',
    severity: 'error',
    about: '`volumeInitializationRate` outside of 100 to 300 MiB/s.',
    judge: (subject) =>
      judgeEach(subject, (volume) => {
        const rate = rateOf(volume)
        if (rate === undefined || (rate >= 100 && rate <= 300)) return undefined
        return {
          field: 'ebs.volumeInitializationRate',
          reason: `${rate} MiB/s is outside of 100 to 300.`,
          remedy: 'Set 300, or leave it out.',
        }
      }),
  },
  {
    id: 'rate-beside-fast-restore',
    severity: 'error',
    about: '`volumeInitializationRate` on a snapshot with Fast Snapshot Restore, which EBS then does not use though it is paid for.',
    needs: ['snapshot'],
    judge: (subject) =>
      judgeEach(subject, (volume) => {
        const zones = fastRestoreZones(subject, volume) ?? []
        if (rateOf(volume) === undefined || zones.length === 0) return undefined
        return {
          field: 'ebs.volumeInitializationRate',
          reason: `${volume.snapshotId} has Fast Snapshot Restore in ${zones.join(', ')}, and EBS uses the rate in its place.`,
          remedy: 'Leave `volumeInitializationRate` out, or turn Fast Snapshot Restore off.',
        }
      }),
  },
  {
    id: 'lazy-volume',
    severity: 'warning',
    about: 'Neither `volumeInitializationRate` nor Fast Snapshot Restore: blocks come from S3 when they are first read.',
    needs: ['snapshot'],
    judge: (subject) =>
      judgeEach(subject, (volume) => {
        const zones = fastRestoreZones(subject, volume)
        if (rateOf(volume) !== undefined || zones === undefined || zones.length > 0) return undefined
        return {
          field: 'ebs',
          reason:
            'every block is fetched from S3 when it is first read, at a rate that nobody promises: an image that is there can take minutes to start.',
          remedy: 'Set `volumeInitializationRate: 300`.',
        }
      }),
  },
  {
    id: 'unencrypted-volume',
    severity: 'error',
    about: '`encrypted: false` on a volume of an encrypted snapshot.',
    needs: ['snapshot'],
    judge: (subject) =>
      judgeEach(subject, ({ ebs, snapshotId }) => {
        if (ebs['encrypted'] !== false || valueOf(subject.facts.snapshot[snapshotId])?.encrypted !== true) return undefined
        return {
          field: 'ebs.encrypted',
          reason: `${snapshotId} is encrypted, and so is every volume of it: EC2 refuses \`false\`.`,
          remedy: 'Leave `encrypted` out.',
        }
      }),
  },
  {
    id: 'volume-size-unset',
    severity: 'warning',
    about: 'No `volumeSize`: Karpenter then plans pods with 20 GiB of ephemeral storage.',
    judge: (subject) =>
      judgeEach(subject, ({ ebs, snapshotId }) => {
        if (ebs['volumeSize'] !== undefined) return undefined
        const size = valueOf(subject.facts.snapshot[snapshotId])?.volumeSizeGiB
        return {
          field: 'ebs.volumeSize',
          reason: 'Karpenter does not know the size of the snapshot and plans with 20Gi.',
          remedy: `Set \`volumeSize\`${size === undefined ? '' : `, ${size}Gi or more`}.`,
        }
      }),
  },
]

function tooFast(subject: PreflightSubject): readonly Fault[] {
  return placementsOf(subject).flatMap(({ pod, pool, volume }): Fault[] => {
    if (volume === undefined || !isGp3(volume)) return []
    const { types, unknown } = allowedTypes(pool, pod.spec, subject.instanceTypes)
    // EBS counts a volume in MiB/s, EC2 an instance in Mbit/s.
    const most = Math.floor((Math.max(...types.map(({ ebsMbps }) => ebsMbps)) * 1e6) / 8 / 2 ** 20)
    const { throughput } = performanceOf(volume)
    // A little more is no waste: 600 MiB/s are 629 MB/s, and an instance of 5,000 Mbit/s is sold as 625.
    if (types.length === 0 || unknown || throughput <= most * 1.05) return []
    const reason = `${throughput} MiB/s is paid for, and no instance type that ${pool.object.metadata.name} allows gets more than ${most}.`
    return [faultAt(volume.nodeClass, `${volume.path}.ebs.throughput`, reason, `Set \`throughput: ${most}\`, or allow a larger type.`)]
  })
}
