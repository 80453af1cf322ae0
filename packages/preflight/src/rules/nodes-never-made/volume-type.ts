import { numberAt, textAt } from '@prebake/manifests'
import { flaw, unjudged, type Flaw, type Unjudged } from '../../finding.ts'
import { bakedVolumes, type NodeVolume } from '../../subject/node-classes.ts'
import { rule, type Rule } from '../rule.ts'

/** What EC2 takes for each type of volume (EC2 API reference, EbsBlockDevice). */
const types: Readonly<Record<string, { readonly iops: 'required' | 'allowed' | 'refused'; readonly isSlow: boolean }>> = {
  gp3: { iops: 'allowed', isSlow: false },
  io1: { iops: 'required', isSlow: false },
  io2: { iops: 'required', isSlow: false },
  gp2: { iops: 'refused', isSlow: true },
  st1: { iops: 'refused', isSlow: true },
  sc1: { iops: 'refused', isSlow: true },
  standard: { iops: 'refused', isSlow: true },
}

/** Left out, EC2 takes the type of the machine image's own volume, which is gp2 for Bottlerocket. */
const typeOf = ({ ebs }: NodeVolume) => textAt(ebs, 'volumeType') ?? 'gp2'
const words = ({ ebs }: NodeVolume) =>
  ebs['volumeType'] === undefined ? 'without `volumeType` the volume is gp2' : `the volume is ${typeOf({ ebs } as NodeVolume)}`

/** Types of volumes that EC2 refuses with these fields, or that are slow. */
export const volumeType: readonly Rule[] = [
  rule({
    id: 'volume-type-refused',
    severity: 'error',
    about: '`throughput` on a volume that is not gp3 (gp2 where `volumeType` is left out), or `iops` that its type does not take or needs.',
    each: bakedVolumes,
    judge: (volume): Flaw | Unjudged | undefined => {
      const type = types[typeOf(volume)]
      if (type === undefined) return unjudged(volume, 'ebs.volumeType', `${typeOf(volume)} is no type of volume that is known here`)
      const [iops, throughput] = [numberAt(volume.ebs, 'iops'), numberAt(volume.ebs, 'throughput')]
      const refused = `${words(volume)}, and EC2 refuses every launch:`
      if (throughput !== undefined && typeOf(volume) !== 'gp3')
        return flaw(volume, 'ebs.throughput', `${refused} only gp3 takes \`throughput\`.`, 'Set `volumeType: gp3`.')
      if (iops !== undefined && type.iops === 'refused')
        return flaw(volume, 'ebs.iops', `${refused} this type takes no \`iops\`.`, 'Set `volumeType: gp3`.')
      if (iops === undefined && type.iops === 'required')
        return flaw(volume, 'ebs.iops', `${refused} this type needs \`iops\`.`, 'Set `iops`, or `volumeType: gp3`.')
      return undefined
    },
  }),
  rule({
    id: 'slow-volume-type',
    severity: 'warning',
    about: 'A volume of an older type than gp3, which delivers less for its price.',
    each: bakedVolumes,
    judge: (volume) => {
      const isRefused = numberAt(volume.ebs, 'iops') !== undefined || numberAt(volume.ebs, 'throughput') !== undefined
      if (types[typeOf(volume)]?.isSlow !== true || isRefused) return undefined
      const problem = `${words(volume)}, which reads at most 250 MiB/s and less once its credits are spent.`
      return flaw(volume, 'ebs.volumeType', problem, 'Set `volumeType: gp3` with `iops: 3000` and `throughput: 600`.')
    },
  }),
]
