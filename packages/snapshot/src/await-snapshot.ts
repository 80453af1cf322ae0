import { PrebakeError, waitFor } from '@prebake/kernel'
import type { SnapshotErrorCode } from './error-codes.ts'
import type { BuildPorts } from './build-request.ts'

/** 300 GiB took up to four hours (facts: snapshot-builders §11); the SDK's waiter times out after ten minutes. */
const limitMs = 4 * 60 * 60_000

/** @throws PrebakeError if EBS reports an error or the snapshot was deleted, TimeoutError after four hours */
export async function awaitSnapshot(
  snapshotId: string,
  { snapshots, clock, reporter }: Pick<BuildPorts, 'snapshots' | 'clock' | 'reporter'>,
  signal: AbortSignal,
): Promise<void> {
  let seenBefore = false
  await waitFor({
    awaited: `snapshot ${snapshotId} to complete`,
    limitMs,
    everyMs: 10_000,
    clock,
    signal,
    onState: (state) => reporter.progress(state),
    code: 'snapshot-creation-timeout' satisfies SnapshotErrorCode,
    hint: 'Check the snapshot in the EC2 console. A new build with the same inputs starts from the beginning.',
    poll: async () => {
      const snapshot = await snapshots.get(snapshotId, signal)
      if (snapshot === undefined) {
        // Describe lags behind Create by seconds; a snapshot that was listed before and is missing now was deleted.
        if (seenBefore)
          throw new PrebakeError(`Wait for snapshot ${snapshotId}: it was deleted.`, {
            code: 'snapshot-creation-failed' satisfies SnapshotErrorCode,
            hint: 'Run the build again.',
          })
        return { state: 'not listed yet' }
      }
      seenBefore = true
      switch (snapshot.state) {
        case 'completed':
          return { value: undefined }
        case 'error':
        case 'recoverable':
        case 'recovering':
          throw new PrebakeError(`Snapshot ${snapshotId}: ${snapshot.state}: ${snapshot.stateMessage ?? 'EBS gives no reason'}.`, {
            code: 'snapshot-creation-failed' satisfies SnapshotErrorCode,
            hint: 'Run the build again. If the reason is a KMS key, the role needs kms:CreateGrant, kms:Decrypt and kms:GenerateDataKeyWithoutPlaintext on it.',
          })
        case 'pending':
          // Reported in steps of ten: EBS takes minutes for each.
          return { state: `${Math.floor(snapshot.progress / 10) * 10} %` }
      }
    },
  })
}
