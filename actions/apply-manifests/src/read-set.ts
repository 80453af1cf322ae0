import { InputError, type Problem, type Reporter } from '@prebake/kernel'
import type { Manifest, ManifestFile } from '@prebake/manifests'
import { buildFolder } from './build/build-folder.ts'
import { findSnapshot, type FoundSnapshot } from './find-snapshot.ts'
import type { ApplyInputs } from './inputs.ts'
import { readManifestFiles } from './read-manifest-files.ts'
import { showLeastChange } from './show-least-change.ts'
import { needsSnapshot, readVariables } from './variables.ts'

/** What is read, as the inputs of the same names say. */
export type SetInputs = Pick<
  ApplyInputs,
  | 'manifests'
  | 'namespace'
  | 'helmValues'
  | 'helmRelease'
  | 'snapshotId'
  | 'snapshotTags'
  | 'model'
  | 'variables'
  | 'awsRegion'
  | 'clusterName'
  | 'mode'
  | 'outputFolder'
> & {
  /** Whether a variable that is given may be one that no manifest uses, because another set does. */
  readonly mayBeUnused?: boolean
}

export interface ReadSet {
  readonly manifests: readonly Manifest[]
  /** Of the variables, SNAPSHOT_ID among them where there is one. */
  readonly values: Readonly<Record<string, string>>
  /** As far as the manifests needed it; undefined where the inputs name none. */
  readonly snapshot: FoundSnapshot | undefined
}

/**
 * Reads the manifests that the inputs name, with what was given, and what follows from the snapshot, filled in.
 * @param find how the snapshot is found; a rehearsal has one that does not exist yet
 * @throws InputError with all that is wrong: files, documents, variables, and what contradicts the snapshot.
 */
export async function readSet(
  given: SetInputs,
  workspace: string,
  { env, reporter }: { readonly env: NodeJS.ProcessEnv; readonly reporter: Reporter },
  signal: AbortSignal,
  find: typeof findSnapshot = findSnapshot,
): Promise<ReadSet> {
  const { findPlaceholders, readManifests } = await import('@prebake/manifests')
  const files: ManifestFile[] = []
  for (const found of readManifestFiles(given.manifests, workspace)) {
    files.push('text' in found ? found : await buildFolder(found, given, { workspace, env, reporter }, signal))
  }
  const used = findPlaceholders(files)
  const snapshot = await find(given, needsSnapshot(used) || !used.has('SNAPSHOT_ID'), signal)
  if (given.snapshotId === 'latest') reporter.info(`The latest snapshot is ${snapshot?.snapshotId}`)
  const { values, problems, ...sources } = readVariables(given, snapshot, used)
  // Instead of an error: what would make the set use the snapshot.
  const adopts = snapshot?.record !== undefined && given.snapshotId !== undefined && !used.has('SNAPSHOT_ID')
  const inputs = given.mayBeUnused
    ? {}
    : adopts
      ? Object.fromEntries(Object.entries(sources.inputs).filter(([name]) => name !== 'SNAPSHOT_ID'))
      : sources.inputs
  const found: Problem[] = [...problems]
  try {
    const manifests = readManifests(files, values, {
      ...sources,
      inputs,
      onDoubt: (doubt) => warn(doubt, reporter),
      onNumber: (line) => reporter.info(line),
    })
    if (adopts) found.push(...(await showLeastChange({ files, manifests, snapshot }, given, { workspace, reporter })))
    if (found.length === 0) return { manifests, values, snapshot }
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    found.push(...error.problems)
  }
  throw new InputError(found)
}

function warn({ input, wrong, remedy }: Problem, reporter: Reporter): void {
  const [, file, line] = /^(.+):(\d+):\d+$/.exec(input) ?? []
  reporter.warning(`${input}: ${wrong} ${remedy}`, file === undefined ? undefined : { file, line: Number(line) })
}
