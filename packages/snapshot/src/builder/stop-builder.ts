import { PrebakeError, waitFor, type Reporter } from '@prebake/kernel'
import type { SnapshotErrorCode } from '../error-codes.ts'
import type { BuilderSession } from './run-on-builder.ts'

const stopLimitMs = 10 * 60_000

/**
 * Stops a builder and waits until EC2 says `stopped`: only then is the snapshot of its data volume that of an unmounted file system.
 * @throws PrebakeError if it ends instead, TimeoutError after ten minutes
 */
export async function stopBuilder(
  { instanceId, builders, clock, signal }: BuilderSession,
  reporter: Pick<Reporter, 'progress'>,
): Promise<void> {
  await builders.stop(instanceId, signal)
  await waitFor({
    awaited: `instance ${instanceId} to stop`,
    limitMs: stopLimitMs,
    everyMs: 5000,
    clock,
    signal,
    onState: (state) => reporter.progress(`instance ${state}`),
    code: 'builder-not-stopped' satisfies SnapshotErrorCode,
    hint: 'A snapshot of a mounted volume would not be clean, so none was taken. Run the build again.',
    poll: async () => {
      const instance = await builders.get(instanceId, signal)
      if (instance?.state === 'stopped') return { value: undefined }
      if (instance?.state === 'terminated' || instance?.state === 'shutting-down') {
        throw new PrebakeError(`Stop ${instanceId}: it is ${instance.state} instead (${instance.reason ?? 'EC2 gives no reason'}).`, {
          code: 'builder-not-stopped' satisfies SnapshotErrorCode,
          hint: 'Run the build again.',
        })
      }
      return { state: instance?.state ?? 'not listed' }
    },
  })
}
