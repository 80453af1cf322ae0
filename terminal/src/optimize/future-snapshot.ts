import type { FoundSnapshot } from '@prebake/apply-manifests/find-snapshot'
import type { SnapshotFacts } from '@prebake/preflight'
import { plannedRecord, type BuildOutlook } from '@prebake/snapshot'

/** Stands for the snapshot that does not exist yet, in a form that every schema takes. */
export const placeholder = 'snap-00000000000000000'

/** The snapshot as the build will tag it when it ends well. */
export function futureSnapshot(
  { plan }: BuildOutlook,
  { volumeSize, kubernetesVersion }: { readonly volumeSize: number; readonly kubernetesVersion: string },
): FoundSnapshot {
  return {
    snapshotId: placeholder,
    volumeSizeGiB: volumeSize,
    unread: undefined,
    record: { ...plannedRecord(plan, kubernetesVersion), verified: 'quick' },
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
