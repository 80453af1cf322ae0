import { InputError, PrebakeError } from '@prebake/kernel'
import { readRecord, tagKeys, type BakeRecord } from '@prebake/snapshot-record'
import type { SnapshotRecord } from '@prebake/snapshot'
import type { ApplyErrorCode } from './error-codes.ts'
import type { ApplyInputs } from './inputs.ts'
import { openSnapshots } from './snapshot-ports.ts'

/** The snapshot that is rolled out, as far as it could be read. */
export interface FoundSnapshot {
  readonly snapshotId: string
  /** What its tags say; undefined where it has none of prebake, or could not be read. */
  readonly record: BakeRecord | undefined
  /** Of the volume that it was taken from; 0 where it could not be read. */
  readonly volumeSizeGiB: number
  /** Why it could not be read, as a sentence without its subject. */
  readonly unread: string | undefined
}

type Given = Pick<ApplyInputs, 'awsRegion' | 'snapshotId' | 'snapshotTags' | 'model' | 'variables'>

/**
 * Finds the snapshot that the inputs name, or the latest one, and reads its tags.
 * @param needsRecord whether anything depends on its tags: without it, a snapshot that is named by its ID is not looked up.
 * @returns undefined when the inputs name none. A snapshot that cannot be read is no error here: the preflight judges it, and all values may be given.
 * @throws InputError when there is no latest one or none of this ID, or `model` is not the snapshot's.
 */
export async function findSnapshot(given: Given, needsRecord: boolean, signal: AbortSignal): Promise<FoundSnapshot | undefined> {
  const { model, snapshotTags: tags } = given
  const snapshotId = given.snapshotId ?? given.variables['SNAPSHOT_ID']
  if (snapshotId === undefined) return undefined
  if (snapshotId === 'latest') {
    const { latestSnapshot, snapshots } = await openSnapshots(given)
    return read(await latestSnapshot({ model, tags }, { snapshots }, signal))
  }
  const unread = (why: string): FoundSnapshot => ({ snapshotId, record: undefined, volumeSizeGiB: 0, unread: why })
  if (!needsRecord && model === undefined) return unread('was not looked up.')
  try {
    const { snapshots, region } = await openSnapshots(given)
    const found = await snapshots.get(snapshotId, signal)
    if (found === undefined) throw notFound(snapshotId, region)
    if (model !== undefined && found.tags[tagKeys.model] !== model) throw otherModel(model, found)
    return read(found)
  } catch (error) {
    if (signal.aborted || isVerdict(error)) throw error
    if (error instanceof InputError)
      return unread(`could not be read: ${error.problems.map(({ input, wrong }) => `${input} ${wrong}`).join(' ')}`)
    if (error instanceof PrebakeError) return unread(`could not be read: ${error.message}`)
    throw error
  }
}

function read({ snapshotId, tags, volumeSizeGiB }: SnapshotRecord): FoundSnapshot {
  return { snapshotId, record: readRecord(tags), volumeSizeGiB, unread: undefined }
}

function notFound(snapshotId: string, region: string): InputError {
  const wrong = `${snapshotId} does not exist in ${region} in this account.`
  return new InputError([{ code: codes.missing, input: 'snapshot-id', wrong, remedy: 'Check the ID, `aws-region` and the role.' }])
}

function otherModel(model: string, { snapshotId, tags }: SnapshotRecord): InputError {
  const baked = tags[tagKeys.model]
  const has = baked === undefined ? 'has no model of a build' : `has \`${baked}\``
  const wrong = `is \`${model}\`, and ${snapshotId} ${has}.`
  return new InputError([{ code: codes.model, input: 'model', wrong, remedy: 'Give the snapshot of this model, or remove `model`.' }])
}

const codes = { missing: 'snapshot-not-found', model: 'variable-contradicts-snapshot' } as const satisfies Record<string, ApplyErrorCode>

const isVerdict = (error: unknown) =>
  error instanceof InputError && error.problems.some(({ code }) => code === codes.missing || code === codes.model)
