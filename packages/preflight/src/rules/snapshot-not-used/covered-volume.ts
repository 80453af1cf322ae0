import { readField } from '@prebake/manifests'
import type { BakeRecord } from '@prebake/snapshot-record'
import { flaw, unjudged, type Flaw, type Unjudged } from '../../finding.ts'
import { bakedNodeClasses } from '../../subject/baked-node-classes.ts'
import { bootstrapContainers, boundFolders } from '../../subject/bottlerocket-settings.ts'
import { isBelow, modelFolder } from '../../subject/host-paths.ts'
import type { Located } from '../../subject/located.ts'
import { bakedVolumesOf, snapshotOf } from '../../subject/node-classes.ts'
import type { PreflightSubject } from '../../subject/subject.ts'
import { rule, type Rule } from '../rule.ts'

/** Where containerd keeps images. */
const imageFolder = '/var/lib/containerd'

/** What the snapshots of a NodeClass hold; undefined where that is not known of one. */
function contentOf(nodeClass: Located, subject: PreflightSubject): readonly BakeRecord[] | undefined {
  const records = bakedVolumesOf(nodeClass, subject).map((volume) => snapshotOf(subject, volume)?.baked)
  return records.length === 0 || records.includes(undefined) ? undefined : records.filter((record) => record !== undefined)
}

/** Nodes that mount something over what is on the snapshot. */
export const coveredVolume: readonly Rule[] = [
  rule({
    id: 'instance-store-raid0',
    severity: 'error',
    about: '`instanceStorePolicy: RAID0` mounts the instance store over the images of the snapshot.',
    each: bakedNodeClasses,
    judge: (nodeClass, subject): Flaw | Unjudged | undefined => {
      const policy = readField(nodeClass.object, 'spec.instanceStorePolicy')
      if (policy === undefined || contentOf(nodeClass, subject)?.every(({ images }) => images.length === 0) === true) return undefined
      if (policy !== 'RAID0') return unjudged(nodeClass, 'spec.instanceStorePolicy', 'only RAID0 is known here')
      const problem = `the instance store is mounted over ${imageFolder}, which hides the images of the snapshot.`
      return flaw(nodeClass, 'spec.instanceStorePolicy', problem, 'Leave `instanceStorePolicy` out.')
    },
  }),
  rule({
    id: 'instance-store-bound',
    severity: 'error',
    about: 'userData mounts the instance store over the images or the model of the snapshot, by `apiclient ephemeral-storage bind`.',
    each: bakedNodeClasses,
    judge: (nodeClass, subject): Flaw | Unjudged | undefined => {
      const content = contentOf(nodeClass, subject)
      const hasImages = content === undefined || content.some(({ images }) => images.length > 0)
      const hasModel = content === undefined || content.some(({ modelPath }) => modelPath !== undefined)
      const covers = (folder: string, kept: string) => isBelow(kept, folder.replace(/(?<=.)\/$/, ''))
      const covered = boundFolders(nodeClass).find(
        (folder) =>
          (hasImages && covers(folder, imageFolder)) || (hasModel && (covers(folder, modelFolder) || isBelow(folder, modelFolder))),
      )
      if (covered !== undefined) {
        const problem = `\`apiclient ephemeral-storage bind\` mounts the instance store over ${covered}, which hides what the snapshot has there.`
        return flaw(nodeClass, 'spec.userData', problem, `Leave ${covered} out of \`--dirs\`.`)
      }
      const [container] = bootstrapContainers(nodeClass)
      if (container === undefined) return undefined
      return unjudged(nodeClass, 'spec.userData', `the bootstrap container ${container} may mount something over what is on the snapshot`)
    },
  }),
]
