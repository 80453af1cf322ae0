import { connectAws } from '@prebake/aws'
import { filePointer } from '@prebake/publish-snapshot/file-pointer'
import { publishSnapshot } from '@prebake/snapshot'
import type { OptimizeRun } from './optimize-run.ts'

/** The guide's file, not in git. */
export const snapshotFile = '.snapshot-id'

/** Writes the snapshot's ID into `.snapshot-id`. @throws InputError when the snapshot is not completed, not verified, or rejected */
export async function publish(snapshotId: string, { settings, folder, context }: OptimizeRun): Promise<void> {
  const { snapshots } = await connectAws({ region: settings.region, env: context.env })
  const ports = { snapshots, pointers: [filePointer(snapshotFile, folder)], reporter: context.reporter }
  await publishSnapshot({ snapshotId, allowUnverified: false }, ports, context.signal)
}
