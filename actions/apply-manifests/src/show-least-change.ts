import type { Problem, Reporter } from '@prebake/kernel'
import type { Manifest, ManifestFile } from '@prebake/manifests'
import type { ApplyErrorCode } from './error-codes.ts'
import type { FoundSnapshot } from './find-snapshot.ts'
import type { ApplyInputs } from './inputs.ts'
import { writeRendered } from './write-rendered.ts'

export interface ReadFiles {
  readonly files: readonly ManifestFile[]
  readonly manifests: readonly Manifest[]
  readonly snapshot: FoundSnapshot
}

const patchName = 'use-snapshot.patch'

/**
 * Shows, as a diff in the log and the job summary and as a patch file, the least change that makes a set use the snapshot that is given. What this action
 * fills in gets `${SNAPSHOT_ID}`; what another tool applies (`mode: verify`), the ID itself.
 * @returns what is wrong: that the snapshot is not used, and what is left to the author. None where the set itself needs nothing: its nodes may be those
 *   of an EC2NodeClass in the cluster, which the preflight judges.
 */
export async function showLeastChange(
  { files, manifests, snapshot }: ReadFiles,
  { mode, outputFolder }: Pick<ApplyInputs, 'mode' | 'outputFolder'>,
  { workspace, reporter }: { readonly workspace: string; readonly reporter: Reporter },
): Promise<readonly Problem[]> {
  const { snapshotId, record, volumeSizeGiB } = snapshot
  if (record === undefined) return []
  const [{ leastChange }, { changeFiles, isNodeClass, snapshotVolumesOf }] = await Promise.all([
    import('@prebake/preflight'),
    import('@prebake/manifests'),
  ])
  const volumes = manifests.filter(({ document }) => isNodeClass(document)).flatMap(({ document }) => snapshotVolumesOf(document))
  const isLiteral = mode === 'verify' || volumes.some((volume) => volume.snapshotId === snapshotId)
  const { changes, byHand } = leastChange(manifests, { snapshotId: isLiteral ? snapshotId : '${SNAPSHOT_ID}', record, volumeSizeGiB })
  const { diff } = changeFiles(files, changes)
  if (diff === '') return byHand
  const [patch = ''] = writeRendered([{ path: patchName, text: diff }], outputFolder, workspace)
  await reporter.group(`The least change that makes the manifests use ${snapshotId}`, () => {
    for (const line of diff.trimEnd().split('\n')) reporter.info(line)
    return Promise.resolve()
  })
  reporter.summary(
    [
      '## The manifests do not use the snapshot',
      '',
      `The least change that does, also in \`${patch}\`:`,
      '',
      '```diff',
      diff.trimEnd(),
      '```',
      '',
    ].join('\n'),
  )
  const places = [...diff.matchAll(/^\+\+\+ b\/(.+)$/gm)].map(([, file]) => file).join(', ')
  const built = /(?:kustomize-build|helm-template)\.yaml$/m.test(places)
  const remedy = built
    ? 'The diff in the log and the summary is of what was built: make these changes in the sources, such as a patch or values.'
    : `The log, the summary and \`${patch}\` show the change: \`git apply ${patch}\`.`
  const wrong = `no manifest uses ${snapshotId}. It takes changes in ${places}.`
  return [{ code: 'snapshot-not-used' satisfies ApplyErrorCode, input: 'snapshot-id', wrong, remedy }, ...byHand]
}
