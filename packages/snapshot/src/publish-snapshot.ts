import { InputError, PrebakeError, type Problem, type Reporter } from '@prebake/kernel'
import { isRejected, isVerified, tagKeys } from '@prebake/snapshot-record'
import type { Pointer } from './ports/pointers.ts'
import { probePointers } from './probe-pointers.ts'
import type { SnapshotRecord, Snapshots } from './ports/snapshots.ts'

export interface Publication {
  readonly snapshotId: string
  /** What the first pointer that pointed elsewhere pointed to: the way back. Undefined where none did. */
  readonly previousSnapshotId: string | undefined
  /** See `isChange`. */
  readonly changed: boolean
}

/** A pointer could not be written after others were. Those stay: what they point to is good, and another run writes the rest. */
export class PartialPublication extends PrebakeError {
  readonly publication: Publication

  constructor(publication: Publication, written: readonly Reading[], failed: Pointer, cause: unknown) {
    const { snapshotId } = publication
    const done = written.map(({ pointer, before }) => `${pointer.title} (before: ${before ?? 'not set'})`).join(' and ')
    const back = written.map(({ pointer, before }) =>
      before === undefined ? `delete ${pointer.title}` : `set ${pointer.title} to ${before}`,
    )
    const advice = cause instanceof PrebakeError && cause.hint !== undefined ? `${cause.hint} ` : ''
    super(`Publish ${snapshotId}: ${failed.title} could not be written; already written: ${done}.`, {
      hint: `${advice}Run the job again to write the rest. To go back instead, ${back.join(' and ')}.`,
      cause,
    })
    this.publication = publication
  }
}

/** A pointer, and what it said before. */
interface Reading {
  readonly pointer: Pointer
  readonly before: string | undefined
}

/**
 * Points every pointer to the snapshot, and writes only what differs. All that is to be written is probed first.
 * @throws InputError when the snapshot does not exist, is not completed, not verified (unless allowed), failed its verification or was rejected, and what
 *   a probe throws; nothing is then written. PartialPublication when a write fails after another succeeded.
 */
export async function publishSnapshot(
  request: { readonly snapshotId: string; readonly allowUnverified: boolean },
  { snapshots, pointers, reporter }: { readonly snapshots: Snapshots; readonly pointers: readonly Pointer[]; readonly reporter: Reporter },
  signal: AbortSignal,
): Promise<Publication> {
  const { snapshotId, allowUnverified } = request
  const snapshot = await snapshots.get(snapshotId, signal)
  reporter.debug(`${snapshotId}: ${snapshot === undefined ? 'not found' : `${snapshot.state}, tags ${JSON.stringify(snapshot.tags)}`}`)
  const problem = judge(snapshotId, snapshot, allowUnverified)
  if (problem !== undefined) throw new InputError([problem])

  const readings: Reading[] = []
  for (const pointer of pointers) readings.push({ pointer, before: await pointer.read(signal) })
  for (const { pointer, before } of readings) reporter.debug(`${pointer.title} says ${before ?? 'nothing'}`)
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
      reporter.info(`${pointer.title} already says ${snapshotId}`)
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
  return publication
}

/**
 * Whether another snapshot, or none, was published before. A missing file says nothing about that on a runner without a checkout, and counts
 * only where there is no other pointer.
 */
function isChange(readings: readonly Reading[], snapshotId: string): boolean {
  const telling = readings.filter(({ pointer, before }) => before !== undefined || pointer.outlivesRunner)
  return (telling.length > 0 ? telling : readings).some(({ before }) => before !== snapshotId)
}

function judge(snapshotId: string, snapshot: SnapshotRecord | undefined, allowUnverified: boolean): Problem | undefined {
  const problem = (wrong: string, remedy: string) => ({ input: 'snapshot-id', wrong: `${snapshotId} ${wrong}`, remedy })
  const rebuild = 'Build again with `rebuild: true`.'
  if (snapshot === undefined)
    return problem('does not exist in this region and account.', "Give build-snapshot's output, and the same `aws-region`.")
  if (snapshot.state !== 'completed')
    return problem(`is ${snapshot.state} (${snapshot.progress} %), not completed.`, 'Wait for the build to end.')
  if (isRejected(snapshot.tags))
    return problem(
      'was rejected by a rollout that failed.',
      `${rebuild} If it is not to blame, apply-manifests with \`clear-rejection: true\` takes that back.`,
    )
  if (snapshot.tags[tagKeys.verified] === 'failed') return problem('failed its verification on a second instance.', rebuild)
  if (!isVerified(snapshot.tags) && !allowUnverified) {
    return problem(
      'was never verified on a second instance.',
      'Build it with `verify: quick`, or set `allow-unverified: true` if you know what is on it.',
    )
  }
  return undefined
}
