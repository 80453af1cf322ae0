import type { FoundSnapshot } from '@prebake/apply-manifests/find-snapshot'
import type { SnapshotFacts } from '@prebake/preflight'
import type { BuildOutlook } from '@prebake/snapshot'
import { modelPath } from '@prebake/snapshot-record'

/** Stands for the snapshot that does not exist yet, in a form that every schema takes. */
export const placeholder = 'snap-00000000000000000'

/** The snapshot as the build will tag it when it ends well. */
export function futureSnapshot(
  { plan }: BuildOutlook,
  { volumeSize, kubernetesVersion }: { readonly volumeSize: number; readonly kubernetesVersion: string },
): FoundSnapshot {
  const { recipe, machineImage, fingerprint } = plan
  return {
    snapshotId: placeholder,
    volumeSizeGiB: volumeSize,
    unread: undefined,
    record: {
      fingerprint,
      run: undefined,
      model: recipe.model,
      commit: recipe.commit,
      modelPath: modelPath(recipe.model, recipe.commit),
      images: recipe.images,
      architecture: recipe.architecture,
      bottlerocket: machineImage.bottlerocketVersion,
      kubernetes: kubernetesVersion,
      containerd: undefined,
      verified: 'quick',
      rejected: undefined,
    },
  }
}

/** Lets the preflight judge the manifests against it, as if it were in the account. */
export function asIfBaked({ volumeSizeGiB, record }: FoundSnapshot, facts: SnapshotFacts): SnapshotFacts {
  return {
    ...facts,
    async describe(snapshotId, signal) {
      if (snapshotId !== placeholder) return facts.describe(snapshotId, signal)
      return {
        snapshotId,
        region: facts.region,
        state: 'completed',
        progress: 100,
        volumeSizeGiB,
        encrypted: false,
        keyState: { value: undefined },
        fastRestoreZones: { unchecked: 'it is not baked yet' },
        baked: record,
      }
    },
  }
}
