import { mkdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BuildResult } from '@prebake/snapshot'

/** Writes the content of the snapshot, with every digest, as JSON into the runner's temporary folder. @returns the file's path */
export function writeManifest({ snapshotId, plan, modelPath, imageDigests, record }: BuildResult, env: NodeJS.ProcessEnv): string {
  const folder = env['RUNNER_TEMP'] || tmpdir()
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `prebake-${snapshotId}.json`)
  const { recipe, fingerprint } = plan
  const writer = { bottlerocketVersion: record?.bottlerocket, containerdVersion: record?.containerd }
  const manifest = { snapshotId, fingerprint, modelPath, imageDigests, ...writer, ...recipe }
  writeFileSync(file, `${JSON.stringify(manifest, undefined, 2)}\n`)
  return file
}
