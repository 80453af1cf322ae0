import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { snapshotFile } from './publish.ts'

/** The snapshot of `.snapshot-id` in this folder; undefined where there is no such file, or something else is in it. */
export function readSnapshotId(folder: string): string | undefined {
  try {
    return /^snap-[0-9a-f]+$/m.exec(readFileSync(join(folder, snapshotFile), 'utf8'))?.[0]
  } catch {
    return undefined
  }
}
