import { InputError, PrebakeError, type Problem, type Reporter } from '@prebake/kernel'
import { isRejected, isVerified, tagKeys, type SnapshotPointer } from '@prebake/snapshot-record'
import type { SnapshotErrorCode } from './error-codes.ts'
import { probePointers } from './probe-pointers.ts'
import type { SnapshotRecord, Snapshots } from './ports/snapshots.ts'

export interface Publication {
  readonly snapshotId: string
  /** The former value of the first pointer that had another one, for a rollback. Undefined if none had. */
  readonly previousSnapshotId: string | undefined
  /** See `isChange`. */
  readonly changed: boolean
}

/** A pointer could not be written after others were. Those stay, because the new value is good, and another run writes the rest. */
export class PartialPublication extends PrebakeError {
  readonly publication: Publication

  constructor(publication: Publication, written: readonly Reading[], failed: SnapshotPointer, cause: unknown) {
    const { snapshotId } = publication
    const done = written.map(({ pointer, before }) => `${pointer.title} (before: ${before ?? 'not set'})`).join(' and ')
    const back = written.map(({ pointer, before }) =>
      before === undefined ? `delete ${pointer.title}` : `set ${pointer.title} to ${before}`,
    )
    const advice = cause instanceof PrebakeError && cause.hint !== undefined ? `${cause.hint} ` : ''
    super(`Publish ${snapshotId}: ${failed.title} could not be written; already written: ${done}.`, {
      code: 'publication-incomplete' satisfies SnapshotErrorCode,
      hint: `${advice}Re-run the job to write the rest. To go back instead, ${back.join(' and ')}.`,
      cause,
    })
    this.publication = publication
  }
}

/** A pointer and its former value. */
interface Reading {
  readonly pointer: SnapshotPointer
  readonly before: string | undefined
}

/**
 * Sets every pointer to the snapshot, and writes only those that differ, after probing all of them.
 * @throws InputError if the snapshot does not exist, is not completed, not verified (unless allowed), failed its verification or was rejected; the error of
 *   a probe. Nothing is written then. PartialPublication if a write fails after another succeeded.
 */
export async function publishSnapshot(
  request: { readonly snapshotId: string; readonly allowUnverified: boolean },
  {
    snapshots,
    pointers,
    reporter,
  }: { readonly snapshots: Snapshots; readonly pointers: readonly SnapshotPointer[]; readonly reporter: Reporter },
  signal: AbortSignal,
): Promise<Publication> {
  const { snapshotId, allowUnverified } = request
  const snapshot = await snapshots.get(snapshotId, signal)
  reporter.debug(`${snapshotId}: ${snapshot === undefined ? 'not found' : `${snapshot.state}, tags ${JSON.stringify(snapshot.tags)}`}`)
  const problem = judge(snapshotId, snapshot, allowUnverified)
  if (problem !== undefined) throw new InputError([problem])

  const readings: Reading[] = []
  for (const pointer of pointers) readings.push({ pointer, before: await pointer.read(signal) })
  for (const { pointer, before } of readings) reporter.debug(`${pointer.title}: ${before ?? 'not set'}`)
  const differing = readings.filter(({ before }) => before !== snapshotId)
  await probePointers(
    differing.map(({ pointer }) => pointer),
    signal,
  )

  const publication = {
    snapshotId,
    previousSnapshotId: differing.find(({ before }) => before !== undefined)?.before,
    changed: isChange(readings, snapshotId),
  }
  const written: Reading[] = []
  for (const reading of readings) {
    const { pointer, before } = reading
    if (before === snapshotId) {
      reporter.info(`${pointer.title} is already ${snapshotId}`)
      continue
    }
    try {
      await pointer.write(snapshotId, signal)
    } catch (error) {
      if (written.length === 0) throw error
      throw new PartialPublication(publication, written, pointer, error)
    }
    written.push(reading)
    reporter.info(`${pointer.title}: ${before ?? 'not set'} → ${snapshotId}`)
  }
  await rememberPrevious(publication, { snapshots, reporter }, signal)
  return publication
}

/** Tags the snapshot with the way back, which keeps that one from being pruned. Without the tag the publication is no less true, so a failure only warns. */
async function rememberPrevious(
  { snapshotId, previousSnapshotId }: Publication,
  { snapshots, reporter }: { readonly snapshots: Pick<Snapshots, 'tag'>; readonly reporter: Pick<Reporter, 'warning'> },
  signal: AbortSignal,
): Promise<void> {
  if (previousSnapshotId === undefined) return
  try {
    await snapshots.tag(snapshotId, { [tagKeys.previous]: previousSnapshotId }, signal)
  } catch (error) {
    if (signal.aborted || !(error instanceof PrebakeError)) throw error
    reporter.warning(`Tag ${snapshotId} with ${tagKeys.previous}=${previousSnapshotId}: ${error.message} prune-snapshots may delete it.`)
  }
}

/**
 * Whether another snapshot, or none, was published before. A missing file proves nothing on a runner without a checkout, so it counts only if there is no
 * other pointer.
 */
function isChange(readings: readonly Reading[], snapshotId: string): boolean {
  const reliable = readings.filter(({ pointer, before }) => before !== undefined || pointer.outlivesRunner)
  return (reliable.length > 0 ? reliable : readings).some(({ before }) => before !== snapshotId)
}

function judge(snapshotId: string, snapshot: SnapshotRecord | undefined, allowUnverified: boolean): Problem | undefined {
  const problem = (code: SnapshotErrorCode, wrong: string, remedy: string) => ({
    code,
    input: 'snapshot-id',
    wrong: `${snapshotId} ${wrong}`,
    remedy,
  })
  const rebuild = 'Build again with `rebuild: true`.'
  if (snapshot === undefined)
    return problem(
      'snapshot-to-publish-missing',
      'does not exist in this region and account.',
      "Give build-snapshot's output, and the same `aws-region`.",
    )
  if (snapshot.state !== 'completed')
    return problem(
      'snapshot-not-completed',
      `is ${snapshot.state} (${snapshot.progress} %), not completed.`,
      'Wait until the build has finished.',
    )
  if (isRejected(snapshot.tags))
    return problem(
      'snapshot-rejected-by-rollout',
      'was rejected by a failed rollout.',
      `${rebuild} If it is not to blame, run apply-manifests with \`clear-rejection: true\`.`,
    )
  if (snapshot.tags[tagKeys.verified] === 'failed')
    return problem('snapshot-verification-failed', 'failed its verification on a second instance.', rebuild)
  if (!isVerified(snapshot.tags) && !allowUnverified) {
    return problem(
      'snapshot-not-verified',
      'was never verified on a second instance.',
      'Build it with `verify: quick`, or set `allow-unverified: true` if you know its content.',
    )
  }
  return undefined
}
