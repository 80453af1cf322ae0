import { PrebakeError } from '@prebake/kernel'
import { imageReference, isVerified, judgeReaders, modelPath, readRecord, type BakeRecord } from '@prebake/snapshot-record'
import type { SnapshotErrorCode } from './error-codes.ts'
import { awaitOthers } from './await-others.ts'
import { awaitSnapshot } from './await-snapshot.ts'
import { bake } from './bake.ts'
import type { BuildPorts, BuildRequest } from './build-request.ts'
import { endAbandoned } from './end-abandoned.ts'
import { nodesOf } from './find-snapshots.ts'
import type { SnapshotRecord } from './ports/snapshots.ts'
import { recordManifest, reuseRemembered } from './remembered/reuse-remembered.ts'
import { requireInstanceType } from './require-instance-type.ts'
import { requirePermissions, requireSnapshotPermissions, withOtherRefusals } from './require-permissions.ts'
import { allOrEveryProblem, resolvePlan, type BuildPlan } from './resolve-plan.ts'
import { verifySnapshot } from './verify-snapshot.ts'

export interface BuildResult {
  readonly snapshotId: string
  /** Whether the snapshot was built by another run. */
  readonly reused: boolean
  readonly plan: BuildPlan
  /** Where a pod finds the model. */
  readonly modelPath: string
  /** The image references for a manifest's `image:`, by digest. */
  readonly imageDigests: readonly string[]
  /** The record in its tags; a reused snapshot may have been written by another release. */
  readonly record: BakeRecord | undefined
}

/**
 * Bakes the model and its images into a snapshot, or finds one with the same content, also one that a concurrent run is building.
 * Creates nothing before everything is resolved and fits. The builder is terminated when this returns or throws, except on a cancel, which leaves it to
 * `cleanUpBuild`.
 */
export async function buildSnapshot(request: BuildRequest, ports: BuildPorts, signal: AbortSignal): Promise<BuildResult> {
  try {
    await endAbandoned(request, ports, signal)
    const remembered = await reuseRemembered(request, ports, signal)
    if (remembered !== undefined) {
      const { snapshotId } = remembered.snapshot
      ports.reporter.info(
        `Reused ${snapshotId}: completed, verified, with the fingerprint of the cached manifest. Neither hub nor registry was asked.`,
      )
      return resultOf(remembered.plan, remembered.snapshot, true)
    }
    const recording = recordManifest(request, ports)
    const [plan] = await ports.reporter.group('Resolve model, images and machine image', () =>
      allOrEveryProblem([resolvePlan(request, recording.ports, signal), requireInstanceType(request, ports, signal)]),
    )
    const { snapshot, reused } = await findOrBake(request, plan, ports, signal)
    if (request.verify !== 'none') await recording.remember(snapshot.snapshotId, signal)
    return resultOf(plan, snapshot, reused)
  } catch (error) {
    throw await withOtherRefusals(error, request, ports, signal)
  }
}

function resultOf(plan: BuildPlan, { snapshotId, tags }: SnapshotRecord, reused: boolean): BuildResult {
  const { model, commit, images } = plan.recipe
  const record = readRecord(tags)
  return { snapshotId, reused, plan, modelPath: modelPath(model, commit), imageDigests: images.map(imageReference), record }
}

interface Outcome {
  readonly snapshot: SnapshotRecord
  readonly reused: boolean
}

async function findOrBake(request: BuildRequest, plan: BuildPlan, ports: BuildPorts, signal: AbortSignal): Promise<Outcome> {
  const { reporter } = ports
  // Each further round means that a concurrent run was first and then failed.
  for (let round = 1; round <= 3; round++) {
    const shared = request.rebuild ? undefined : await share(request, plan, ports, signal)
    if (shared !== undefined) return shared
    await requirePermissions(request, plan, ports, signal)
    const snapshot = await bake(request, plan, ports, signal)
    if (snapshot === 'yielded') continue
    await finish(snapshot.snapshotId, request, plan, ports, signal)
    reporter.info(`Built ${snapshot.snapshotId}`)
    return { snapshot, reused: false }
  }
  throw new PrebakeError('Bake: gave up after 3 attempts. Each time a concurrent run started the same build first, and failed.', {
    code: 'concurrent-builds-failed' satisfies SnapshotErrorCode,
    hint: 'Check those runs, then run the build again.',
  })
}

/** A snapshot of the same content from another run, finished here if necessary; undefined if there is none. */
async function share(request: BuildRequest, plan: BuildPlan, ports: BuildPorts, signal: AbortSignal): Promise<Outcome | undefined> {
  const { reporter, snapshots } = ports
  const { reusable, unfinished } = await awaitOthers(request, plan, ports, signal)
  if (reusable !== undefined) {
    reporter.info(
      `Reused ${reusable.snapshotId}: completed, verified, with the same fingerprint.${unknownReaders(reusable, request, plan)}`,
    )
    return { snapshot: reusable, reused: true }
  }
  if (unfinished === undefined) return undefined
  const { snapshotId } = unfinished
  reporter.info(`Adopted ${snapshotId}: a concurrent run created it from the same inputs; it is not verified at the requested level yet.`)
  try {
    await finish(snapshotId, request, plan, ports, signal)
    return { snapshot: unfinished, reused: true }
  } catch (error) {
    const state = signal.aborted ? 'pending' : (await snapshots.get(snapshotId, signal))?.state
    if (state === 'pending' || state === 'completed') throw error
    // EBS reports an error, or it was deleted.
    reporter.info(`${snapshotId} cannot be used: ${(error as Error).message}`)
    return undefined
  }
}

/** A note for a snapshot whose tags do not show whether the nodes can read it. */
function unknownReaders({ tags }: SnapshotRecord, request: BuildRequest, plan: BuildPlan): string {
  const record = readRecord(tags)
  if (record === undefined || judgeReaders(nodesOf(request, plan), record) !== 'unknown') return ''
  return ' Its tags do not say which containerd wrote it, so it is unknown whether your nodes can read its images.'
}

/** Waits for the snapshot and verifies it. */
async function finish(snapshotId: string, request: BuildRequest, plan: BuildPlan, ports: BuildPorts, signal: AbortSignal): Promise<void> {
  const { reporter, snapshots } = ports
  if (request.verify !== 'none') await requireSnapshotPermissions(snapshotId, ports, signal)
  await reporter.group(`Wait for ${snapshotId} to complete`, () => awaitSnapshot(snapshotId, ports, signal))
  if (request.verify === 'none') {
    reporter.warning(`${snapshotId} was not verified. It is not reused without a verification, and publish-snapshot refuses it.`)
    return
  }
  if (isVerified((await snapshots.get(snapshotId, signal))?.tags ?? {}, request.verify)) return
  await verifySnapshot(snapshotId, request.verify, request, plan, ports, signal)
}
