import { parseGiB } from '@prebake/manifests'
import { flaw } from '../../finding.ts'
import { isAbsent } from '../../ports/fact.ts'
import { describedVolumes, snapshotVolumes } from '../../subject/node-classes.ts'
import { rule, type Rule } from '../rule.ts'
import { anotherSnapshot } from '../unproven-snapshot.ts'

/** Snapshots that no volume can be made from. */
export const unusableSnapshot: readonly Rule[] = [
  rule({
    id: 'snapshot-missing',
    severity: 'error',
    about: 'The snapshot does not exist in this account and region.',
    needs: ['snapshot'],
    each: snapshotVolumes,
    judge: (volume, subject) => {
      if (!isAbsent(subject.facts.snapshot[volume.snapshotId])) return undefined
      const problem = `${volume.snapshotId} does not exist in this account and region.`
      return flaw(volume, 'ebs.snapshotID', problem, "Use build-snapshot's output, and the region and account of the cluster.")
    },
  }),
  rule({
    id: 'snapshot-region',
    severity: 'error',
    about: "The snapshot is in another region than the cluster, going by the API server's address.",
    needs: ['snapshot'],
    each: describedVolumes,
    judge: (volume, { cluster }) => {
      const { snapshotId, region } = volume.snapshot
      if (cluster.region === undefined || cluster.region === region) return undefined
      const problem = `${snapshotId} is in ${region}, the cluster is in ${cluster.region}: no volume can be made from it there.`
      const fix = `Build in ${cluster.region}, or copy it there (\`aws ec2 copy-snapshot\`) with its tags.`
      return flaw(volume, 'ebs.snapshotID', problem, fix)
    },
  }),
  rule({
    id: 'snapshot-state',
    severity: 'error',
    about: 'The snapshot is not completed.',
    needs: ['snapshot'],
    each: describedVolumes,
    judge: (volume) => {
      const { snapshotId, state, progress } = volume.snapshot
      if (state === 'completed') return undefined
      const pending = state === 'pending'
      const problem = `${snapshotId} is ${state}${pending ? ` (${progress} %)` : ''}, not completed.`
      return flaw(volume, 'ebs.snapshotID', problem, pending ? 'Wait for the build to end.' : anotherSnapshot)
    },
  }),
  rule({
    id: 'snapshot-key',
    severity: 'error',
    about: "The snapshot's KMS key cannot be used.",
    needs: ['snapshot'],
    each: describedVolumes,
    judge: (volume) => {
      const { snapshotId, encrypted, keyState } = volume.snapshot
      if (!encrypted || !('value' in keyState) || keyState.value === 'Enabled') return undefined
      const state = keyState.value === undefined ? 'does not exist' : `is ${keyState.value}`
      const problem = `the key of ${snapshotId} ${state}: instances terminate right after their launch.`
      const fix = 'Enable the key or cancel its deletion, or copy the snapshot with a key that is Enabled.'
      return flaw(volume, 'ebs.snapshotID', problem, fix)
    },
  }),
  rule({
    id: 'snapshot-larger-than-volume',
    severity: 'error',
    about: 'The volume is smaller than the snapshot.',
    needs: ['snapshot'],
    each: describedVolumes,
    judge: (volume) => {
      const { snapshotId, volumeSizeGiB } = volume.snapshot
      const size = parseGiB(volume.ebs['volumeSize'])
      if (size === undefined || size >= volumeSizeGiB) return undefined
      const problem = `the volume has ${String(volume.ebs['volumeSize'])}, and ${snapshotId} needs ${volumeSizeGiB} GiB: EC2 refuses every launch.`
      return flaw(volume, 'ebs.snapshotID', problem, `Set \`volumeSize\` to ${volumeSizeGiB}Gi or more.`)
    },
  }),
]
