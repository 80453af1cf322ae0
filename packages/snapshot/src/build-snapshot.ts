import { PrebakeError } from '@prebake/kernel'
import { awaitOthers } from './await-others.ts'
import { awaitSnapshot } from './await-snapshot.ts'
import { bake } from './bake.ts'
import type { BuildPorts, BuildRequest } from './build-request.ts'
import { endOverdue } from './end-overdue.ts'
import { modelPath } from './model-path.ts'
import { resolvePlan, type BuildPlan } from './resolve-plan.ts'
import { isVerified } from './tags.ts'
import { verifySnapshot } from './verify-snapshot.ts'

export interface BuildResult {
  readonly snapshotId: string
  /** Whether a snapshot serves that this run did not make. */
  readonly reused: boolean
  readonly plan: BuildPlan
  /** Where a pod finds the model. */
  readonly modelPath: string
}

/**
 * Bakes the model and its images into a snapshot, or finds the one that holds them already, also one that another run is making.
 * Nothing is created before everything that was asked for has been found and fits; the builder is gone when this returns or throws,
 * except on a cancel, which leaves it to `cleanUpBuild`.
 */
export async function buildSnapshot(request: BuildRequest, ports: BuildPorts, signal: AbortSignal): Promise<BuildResult> {
  const { reporter } = ports
  await endOverdue(ports, signal)
  const plan = await reporter.group('Resolve model, images and machine image', () => resolvePlan(request, ports, signal))
  const { snapshotId, reused } = await findOrBake(request, plan, ports, signal)
  return { snapshotId, reused, plan, modelPath: modelPath(plan.recipe.model, plan.recipe.commit) }
}

type Outcome = Pick<BuildResult, 'snapshotId' | 'reused'>

async function findOrBake(request: BuildRequest, plan: BuildPlan, ports: BuildPorts, signal: AbortSignal): Promise<Outcome> {
  const { reporter } = ports
  // Each further round means that another run was first, and has then come to nothing.
  for (let round = 1; round <= 3; round++) {
    const shared = request.rebuild ? undefined : await share(request, plan, ports, signal)
    if (shared !== undefined) return shared
    const snapshot = await bake(request, plan, ports, signal)
    if (snapshot === 'another bakes the same') continue
    await finish(snapshot.snapshotId, request, plan, ports, signal)
    reporter.info(`Built ${snapshot.snapshotId}`)
    return { snapshotId: snapshot.snapshotId, reused: false }
  }
  throw new PrebakeError('Bake: each of three times another run was first, and came to nothing.', {
    hint: 'Look at those runs, then run the build again.',
  })
}

/** A snapshot of the same that another run has made or is making, finished here if need be; undefined where there is none. */
async function share(request: BuildRequest, plan: BuildPlan, ports: BuildPorts, signal: AbortSignal): Promise<Outcome | undefined> {
  const { reporter, snapshots } = ports
  const { reusable, unfinished } = await awaitOthers(plan.fingerprint, request, ports, signal)
  if (reusable !== undefined) {
    reporter.info(`Reused ${reusable.snapshotId}: completed, verified and of the same fingerprint.`)
    return { snapshotId: reusable.snapshotId, reused: true }
  }
  if (unfinished === undefined) return undefined
  const { snapshotId } = unfinished
  reporter.info(`Adopted ${snapshotId}: another run made it of the same, and it has not passed the check that was asked for.`)
  try {
    await finish(snapshotId, request, plan, ports, signal)
    return { snapshotId, reused: true }
  } catch (error) {
    // Its own run may have been cancelled, and have deleted it.
    if (signal.aborted || (await snapshots.get(snapshotId, signal))?.state === 'completed') throw error
    reporter.info(`${snapshotId} came to nothing: ${(error as Error).message}`)
    return undefined
  }
}

/** From "begun" to "may be used". */
async function finish(snapshotId: string, request: BuildRequest, plan: BuildPlan, ports: BuildPorts, signal: AbortSignal): Promise<void> {
  const { reporter, snapshots } = ports
  await reporter.group(`Wait for ${snapshotId} to complete`, () => awaitSnapshot(snapshotId, ports, signal))
  if (request.verify === 'none') {
    reporter.warning(`${snapshotId} was not verified: it is not reused as it is, and publish-snapshot refuses it.`)
    return
  }
  if (isVerified((await snapshots.get(snapshotId, signal))?.tags ?? {}, request.verify)) return
  await verifySnapshot(snapshotId, request.verify, request, plan, ports, signal)
}
