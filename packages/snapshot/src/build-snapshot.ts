import { PrebakeError } from '@prebake/kernel'
import { imageReference, isVerified, judgeReaders, modelPath, readRecord, type BakeRecord } from '@prebake/snapshot-record'
import { awaitOthers } from './await-others.ts'
import { awaitSnapshot } from './await-snapshot.ts'
import { bake } from './bake.ts'
import type { BuildPorts, BuildRequest } from './build-request.ts'
import { endAbandoned } from './end-abandoned.ts'
import { nodesOf } from './find-snapshots.ts'
import type { SnapshotRecord } from './ports/snapshots.ts'
import { requireInstanceType } from './require-instance-type.ts'
import { requirePermissions, requireSnapshotPermissions, withOtherRefusals } from './require-permissions.ts'
import { allOrEveryProblem, resolvePlan, type BuildPlan } from './resolve-plan.ts'
import { verifySnapshot } from './verify-snapshot.ts'

export interface BuildResult {
  readonly snapshotId: string
  /** Whether a snapshot serves that this run did not make. */
  readonly reused: boolean
  readonly plan: BuildPlan
  /** Where a pod finds the model. */
  readonly modelPath: string
  /** The images as a manifest's `image:` names them, by digest. */
  readonly imageDigests: readonly string[]
  /** What its tags say of it: a reused one may have been written by another release. */
  readonly record: BakeRecord | undefined
}

/**
 * Bakes the model and its images into a snapshot, or finds the one that holds them already, also one that another run is making.
 * Nothing is created before everything that was asked for has been found and fits; the builder is gone when this returns or throws,
 * except on a cancel, which leaves it to `cleanUpBuild`.
 */
export async function buildSnapshot(request: BuildRequest, ports: BuildPorts, signal: AbortSignal): Promise<BuildResult> {
  try {
    await endAbandoned(request, ports, signal)
    const [plan] = await ports.reporter.group('Resolve model, images and machine image', () =>
      allOrEveryProblem([resolvePlan(request, ports, signal), requireInstanceType(request, ports, signal)]),
    )
    const { snapshot, reused } = await findOrBake(request, plan, ports, signal)
    return {
      snapshotId: snapshot.snapshotId,
      reused,
      plan,
      modelPath: modelPath(plan.recipe.model, plan.recipe.commit),
      imageDigests: plan.recipe.images.map(imageReference),
      record: readRecord(snapshot.tags),
    }
  } catch (error) {
    throw await withOtherRefusals(error, request, ports, signal)
  }
}

interface Outcome {
  readonly snapshot: SnapshotRecord
  readonly reused: boolean
}

async function findOrBake(request: BuildRequest, plan: BuildPlan, ports: BuildPorts, signal: AbortSignal): Promise<Outcome> {
  const { reporter } = ports
  // Each further round means that another run was first, and has then failed.
  for (let round = 1; round <= 3; round++) {
    const shared = request.rebuild ? undefined : await share(request, plan, ports, signal)
    if (shared !== undefined) return shared
    await requirePermissions(request, plan, ports, signal)
    const snapshot = await bake(request, plan, ports, signal)
    if (snapshot === 'another bakes the same') continue
    await finish(snapshot.snapshotId, request, plan, ports, signal)
    reporter.info(`Built ${snapshot.snapshotId}`)
    return { snapshot, reused: false }
  }
  throw new PrebakeError('Bake: gave up after three rounds, in each of which another run started the same build first and then failed.', {
    hint: 'Look at those runs, then run the build again.',
  })
}

/** A snapshot of the same content that another run has made or is making, finished here if need be; undefined where there is none. */
async function share(request: BuildRequest, plan: BuildPlan, ports: BuildPorts, signal: AbortSignal): Promise<Outcome | undefined> {
  const { reporter, snapshots } = ports
  const { reusable, unfinished } = await awaitOthers(request, plan, ports, signal)
  if (reusable !== undefined) {
    reporter.info(
      `Reused ${reusable.snapshotId}: completed, verified and of the same fingerprint.${unknownReaders(reusable, request, plan)}`,
    )
    return { snapshot: reusable, reused: true }
  }
  if (unfinished === undefined) return undefined
  const { snapshotId } = unfinished
  reporter.info(`Adopted ${snapshotId}: another run made it from the same inputs, and it is not verified at the requested level yet.`)
  try {
    await finish(snapshotId, request, plan, ports, signal)
    return { snapshot: unfinished, reused: true }
  } catch (error) {
    const state = signal.aborted ? 'pending' : (await snapshots.get(snapshotId, signal))?.state
    if (state === 'pending' || state === 'completed') throw error
    // EBS has given it up, or it was deleted.
    reporter.info(`${snapshotId} cannot be used: ${(error as Error).message}`)
    return undefined
  }
}

/** What is to be said of a snapshot whose tags do not show whether the nodes can read it. */
function unknownReaders({ tags }: SnapshotRecord, request: BuildRequest, plan: BuildPlan): string {
  const record = readRecord(tags)
  if (record === undefined || judgeReaders(nodesOf(request, plan), record) !== 'unknown') return ''
  return ' Its tags do not say which containerd wrote it, so whether your nodes can read its images is not known.'
}

/** From "begun" to "may be used". */
async function finish(snapshotId: string, request: BuildRequest, plan: BuildPlan, ports: BuildPorts, signal: AbortSignal): Promise<void> {
  const { reporter, snapshots } = ports
  if (request.verify !== 'none') await requireSnapshotPermissions(snapshotId, ports, signal)
  await reporter.group(`Wait for ${snapshotId} to complete`, () => awaitSnapshot(snapshotId, ports, signal))
  if (request.verify === 'none') {
    reporter.warning(`${snapshotId} was not verified: it is not reused as it is, and publish-snapshot refuses it.`)
    return
  }
  if (isVerified((await snapshots.get(snapshotId, signal))?.tags ?? {}, request.verify)) return
  await verifySnapshot(snapshotId, request.verify, request, plan, ports, signal)
}
