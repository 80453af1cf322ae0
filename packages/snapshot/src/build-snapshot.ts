import { awaitSnapshot } from './await-snapshot.ts'
import { bake } from './bake.ts'
import type { BuildPorts, BuildRequest } from './build-request.ts'
import { findReusable } from './find-reusable.ts'
import { modelPath } from './model-path.ts'
import { resolvePlan, type BuildPlan } from './resolve-plan.ts'
import { verifySnapshot } from './verify-snapshot.ts'

export interface BuildResult {
  readonly snapshotId: string
  /** Whether a snapshot that was there already serves. */
  readonly reused: boolean
  readonly plan: BuildPlan
  /** Where a pod finds the model. */
  readonly modelPath: string
}

/**
 * Bakes the model and its images into a snapshot, or finds the one that holds them already.
 * Nothing is created before everything that was asked for has been found and fits; the builder is gone when this returns or throws,
 * except on a cancel, which leaves it to `cleanUpBuild`.
 */
export async function buildSnapshot(request: BuildRequest, ports: BuildPorts, signal: AbortSignal): Promise<BuildResult> {
  const { reporter } = ports
  const plan = await reporter.group('Resolve model, images and machine image', () => resolvePlan(request, ports, signal))
  const result = (snapshotId: string, reused: boolean) => ({
    snapshotId,
    reused,
    plan,
    modelPath: modelPath(plan.recipe.model, plan.recipe.commit),
  })

  const reusable = request.rebuild ? undefined : await findReusable(plan.fingerprint, ports, signal)
  if (reusable !== undefined) {
    reporter.info(`Reused ${reusable.snapshotId}: completed, verified and of the same fingerprint.`)
    return result(reusable.snapshotId, true)
  }

  const { snapshotId } = await bake(request, plan, ports, signal)
  await reporter.group(`Wait for ${snapshotId} to complete`, () => awaitSnapshot(snapshotId, ports, signal))
  if (request.verify === 'none') reporter.warning(`${snapshotId} was not verified: it is never reused, and publish-snapshot refuses it.`)
  else await verifySnapshot(snapshotId, request, plan, ports, signal)
  reporter.info(`Built ${snapshotId}`)
  return result(snapshotId, false)
}
