import type { SnapshotDescription } from '../ports/snapshot-facts.ts'
import { isAbsent, valueOf } from '../ports/fact.ts'
import type { Fault, Rule } from '../finding.ts'
import { faultAt } from '../subject/located.ts'
import { allBakedVolumes, type BakedVolume } from '../subject/node-classes.ts'
import { allowedTypes } from '../subject/node-pools.ts'
import { placementsOf } from '../subject/placements.ts'
import { parseGiB } from '@prebake/manifests'
import type { PreflightSubject } from '../subject/subject.ts'

/** One fault for each volume of a snapshot that was found, where the rule has something against it. */
function judgeEach(
  subject: PreflightSubject,
  judge: (snapshot: SnapshotDescription, volume: BakedVolume) => { readonly reason: string; readonly remedy: string } | undefined,
): readonly Fault[] {
  return allBakedVolumes(subject).flatMap((volume): Fault[] => {
    const snapshot = valueOf(subject.facts.snapshot[volume.snapshotId])
    const found = snapshot === undefined ? undefined : judge(snapshot, volume)
    return found === undefined ? [] : [faultAt(volume.nodeClass, `${volume.path}.ebs.snapshotID`, found.reason, found.remedy)]
  })
}

const rebuild = 'Give the snapshot of a build that succeeded (build-snapshot with `rebuild: true` makes a new one).'

/** What makes a snapshot unfit, whatever the manifests say besides. */
export const snapshotRules: readonly Rule[] = [
  {
    id: 'snapshot-missing',
    severity: 'error',
    about: 'The snapshot does not exist in this account and region.',
    needs: ['snapshot'],
    judge: (subject) =>
      allBakedVolumes(subject)
        .filter(({ snapshotId }) => isAbsent(subject.facts.snapshot[snapshotId]))
        .map(({ nodeClass, path, snapshotId }) =>
          faultAt(
            nodeClass,
            `${path}.ebs.snapshotID`,
            `${snapshotId} does not exist in this account and region.`,
            "Give build-snapshot's output, and the region and account of the cluster.",
          ),
        ),
  },
  {
    id: 'snapshot-region',
    severity: 'error',
    about: "The snapshot is in another region than the cluster, going by the API server's address.",
    needs: ['snapshot'],
    judge: (subject) =>
      judgeEach(subject, ({ snapshotId, region }) => {
        const wanted = subject.cluster.region
        if (wanted === undefined || wanted === region) return undefined
        return {
          reason: `${snapshotId} is in ${region}, the cluster in ${wanted}: no volume can be made from it there.`,
          remedy: `Build in ${wanted}, or copy it there (\`aws ec2 copy-snapshot\`) with its tags.`,
        }
      }),
  },
  {
    id: 'snapshot-state',
    severity: 'error',
    about: 'The snapshot is not completed.',
    needs: ['snapshot'],
    judge: (subject) =>
      judgeEach(subject, ({ snapshotId, state, progress }) => {
        if (state === 'completed') return undefined
        const pending = state === 'pending'
        return {
          reason: `${snapshotId} is ${state}${pending ? ` (${progress} %)` : ''}, not completed.`,
          remedy: pending ? 'Wait for the build to end.' : rebuild,
        }
      }),
  },
  {
    id: 'snapshot-unverified',
    severity: 'error',
    about: 'No second instance has checked the snapshot, or one has found a fault in it.',
    needs: ['snapshot'],
    judge: (subject) =>
      judgeEach(subject, ({ snapshotId, baked }) => {
        if (baked === undefined || baked.verified === 'quick' || baked.verified === 'full') return undefined
        if (baked.verified === 'failed') return { reason: `${snapshotId} did not pass its check on a second instance.`, remedy: rebuild }
        return {
          reason: `${snapshotId} was never checked on a second instance.`,
          remedy: 'Build it with `verify: quick`, or tag it `prebake:verified=quick` yourself if you have checked what is on it.',
        }
      }),
  },
  {
    id: 'snapshot-rejected',
    severity: 'error',
    about: 'A rollout of the snapshot has failed before.',
    needs: ['snapshot'],
    judge: (subject) =>
      judgeEach(subject, ({ snapshotId, baked }) =>
        baked?.rejected === undefined
          ? undefined
          : { reason: `${snapshotId} was rejected by a rollout that failed (${baked.rejected}).`, remedy: rebuild },
      ),
  },
  {
    id: 'snapshot-key',
    severity: 'error',
    about: "The snapshot's KMS key cannot be used.",
    needs: ['snapshot'],
    judge: (subject) =>
      judgeEach(subject, ({ snapshotId, encrypted, keyState }) => {
        if (!encrypted || !('value' in keyState) || keyState.value === 'Enabled') return undefined
        return {
          reason: `the key of ${snapshotId} ${keyState.value === undefined ? 'does not exist' : `is ${keyState.value}`}: instances end right after their launch.`,
          remedy: 'Enable the key or cancel its deletion, or copy the snapshot with a key that is Enabled.',
        }
      }),
  },
  {
    id: 'snapshot-architecture',
    severity: 'error',
    about: 'The NodePool allows only instance types of another architecture than the snapshot was made for.',
    needs: ['snapshot'],
    judge: (subject) =>
      placementsOf(subject).flatMap(({ pod, pool, volume }): Fault[] => {
        const baked = volume && valueOf(subject.facts.snapshot[volume.snapshotId])?.baked
        const { types, unknown } = allowedTypes(pool, pod.spec, subject.instanceTypes)
        const wanted = baked?.architecture
        if (wanted === undefined || unknown || types.length === 0 || types.some(({ architecture }) => architecture === wanted)) return []
        const reason = `${volume?.snapshotId} holds an image for ${wanted}, and every type that is allowed is ${types[0]?.architecture}.`
        return [faultAt(pool, 'spec.template.spec.requirements', reason, `Allow types of ${wanted}, or build with the other architecture.`)]
      }),
  },
  {
    id: 'snapshot-larger-than-volume',
    severity: 'error',
    about: 'The volume is smaller than the snapshot.',
    needs: ['snapshot'],
    judge: (subject) => judgeEach(subject, smallerVolume),
  },
  {
    id: 'snapshot-without-record',
    severity: 'warning',
    about: 'The snapshot carries no tags of prebake, so that nothing is known of what lies on it.',
    needs: ['snapshot'],
    judge: (subject) =>
      judgeEach(subject, ({ snapshotId, baked }) =>
        baked === undefined
          ? {
              reason: `${snapshotId} was not made by build-snapshot: image, model, architecture and checks are not known.`,
              remedy: 'Build it with build-snapshot, or see to these yourself.',
            }
          : undefined,
      ),
  },
]

function smallerVolume({ snapshotId, volumeSizeGiB }: SnapshotDescription, { ebs }: BakedVolume) {
  const size = parseGiB(ebs['volumeSize'])
  if (size === undefined || size >= volumeSizeGiB) return undefined
  return {
    reason: `the volume has ${String(ebs['volumeSize'])}, and ${snapshotId} needs ${volumeSizeGiB} GiB: EC2 refuses every launch.`,
    remedy: `Set \`volumeSize\` to ${volumeSizeGiB}Gi or more.`,
  }
}
