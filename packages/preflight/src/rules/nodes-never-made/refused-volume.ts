import { numberAt, parseGiB, textAt } from '@prebake/manifests'
import { flaw } from '../../finding.ts'
import { snapshotOf, snapshotVolumes, type NodeVolume } from '../../subject/node-classes.ts'
import { rule, type Rule } from '../rule.ts'

/** The volume's performance; EBS takes its defaults where the NodeClass gives none. Undefined for other volume types than gp3. */
export function gp3Performance({ ebs }: NodeVolume): { readonly iops: number; readonly throughput: number } | undefined {
  if (textAt(ebs, 'volumeType') !== 'gp3') return undefined
  return { iops: numberAt(ebs, 'iops') ?? 3000, throughput: numberAt(ebs, 'throughput') ?? 125 }
}

/** Block device mappings that EC2 refuses. */
export const refusedVolume: readonly Rule[] = [
  rule({
    id: 'gp3-limits',
    severity: 'error',
    about: 'IOPS or throughput outside the limits of gp3: 3,000 to 80,000 IOPS and at most 500 per GiB; 125 to 2,000 MiB/s.',
    each: snapshotVolumes,
    judge: (volume) => {
      const performance = gp3Performance(volume)
      if (performance === undefined) return undefined
      const { iops, throughput } = performance
      if (throughput < 125 || throughput > 2000)
        return flaw(volume, 'ebs.throughput', `${throughput} MiB/s is outside 125 to 2000.`, 'Set a value in this range.')
      const most = Math.min(80_000, Math.max(3000, 500 * (parseGiB(volume.ebs['volumeSize']) ?? Infinity)))
      if (iops >= 3000 && iops <= most) return undefined
      return flaw(volume, 'ebs.iops', `${iops} IOPS is outside 3000 to ${most}.`, 'Set a value in this range.')
    },
  }),
  rule({
    id: 'iops-for-throughput',
    severity: 'error',
    about: 'Fewer IOPS than the throughput needs: EBS gives 0.25 MiB/s per IOPS.',
    each: snapshotVolumes,
    judge: (volume) => {
      const performance = gp3Performance(volume)
      if (performance === undefined || performance.throughput <= performance.iops * 0.25) return undefined
      const { iops, throughput } = performance
      const problem = `${throughput} MiB/s needs ${throughput * 4} IOPS, and the volume has ${iops}: EC2 refuses every launch.`
      return flaw(volume, 'ebs.iops', problem, `Set \`iops: ${throughput * 4}\`, or \`throughput: ${Math.floor(iops / 4)}\`.`)
    },
  }),
  rule({
    id: 'initialization-rate-range',
    severity: 'error',
    about: '`volumeInitializationRate` outside 100 to 300 MiB/s.',
    each: snapshotVolumes,
    judge: (volume) => {
      const rate = numberAt(volume.ebs, 'volumeInitializationRate')
      if (rate === undefined || (rate >= 100 && rate <= 300)) return undefined
      return flaw(volume, 'ebs.volumeInitializationRate', `${rate} MiB/s is outside 100 to 300.`, 'Set 300, or leave it out.')
    },
  }),
  rule({
    id: 'unencrypted-volume',
    severity: 'error',
    about: '`encrypted: false` on a volume of an encrypted snapshot.',
    needs: ['snapshot'],
    each: snapshotVolumes,
    judge: (volume, subject) => {
      if (volume.ebs['encrypted'] !== false || snapshotOf(subject, volume)?.encrypted !== true) return undefined
      const problem = `${volume.snapshotId} is encrypted, and so is every volume made from it: EC2 refuses \`false\`.`
      return flaw(volume, 'ebs.encrypted', problem, 'Leave `encrypted` out.')
    },
  }),
]
