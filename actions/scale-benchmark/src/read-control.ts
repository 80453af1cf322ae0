import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { findSnapshot } from '@prebake/apply-manifests/find-snapshot'
import type { ReadSet } from '@prebake/apply-manifests/read-set'
import { InputError, type Reporter } from '@prebake/kernel'
import type { Manifest } from '@prebake/manifests'
import type { BenchmarkErrorCode } from '@prebake/startup'
import { withoutSnapshot, type BenchmarkInputs } from './inputs.ts'

/** @throws InputError where the workspace has a path of this name, so that either may be meant */
export function judgeWithoutSnapshot(workspace: string): void {
  if (!existsSync(join(workspace, withoutSnapshot))) return
  const code = 'baseline-ambiguous' satisfies BenchmarkErrorCode
  const wrong = `\`${withoutSnapshot}\` means the candidate without its snapshot, and the workspace has a path of this name.`
  throw new InputError([{ code, input: 'baseline-manifests', wrong, remedy: `Write \`./${withoutSnapshot}\` for the path, or rename it.` }])
}

/**
 * The control that follows from the candidate's manifests and the tags of its snapshot.
 * @throws InputError without a snapshot whose tags can be read, and with all that keeps it from being derived
 */
export async function readControl(
  { manifests, snapshot }: Pick<ReadSet, 'manifests' | 'snapshot'>,
  { awsRegion, snapshotId, variables }: Pick<BenchmarkInputs, 'awsRegion' | 'snapshotId' | 'variables'>,
  { reporter }: { readonly reporter: Reporter },
  signal: AbortSignal,
): Promise<readonly Manifest[]> {
  // The manifests may have needed nothing of its tags.
  const found =
    snapshot?.record === undefined
      ? await findSnapshot({ awsRegion, snapshotId, variables, snapshotTags: {}, model: undefined }, true, signal)
      : snapshot
  if (found?.record === undefined) {
    const wrong = found === undefined ? 'is empty.' : `${found.snapshotId} ${found.unread ?? 'has no tags of a build.'}`
    const remedy = `\`baseline-manifests: ${withoutSnapshot}\` reads from its tags which model the control downloads. Give the ID of a build, or a folder with the control.`
    throw new InputError([{ code: 'control-snapshot-missing' satisfies BenchmarkErrorCode, input: 'snapshot-id', wrong, remedy }])
  }
  const { deriveControl } = await import('@prebake/preflight')
  const control = deriveControl(manifests, { ...found, record: found.record })
  reporter.info(`The baseline is the candidate without ${found.snapshotId}: each pod pulls the image and downloads ${found.record.model}`)
  return control
}
