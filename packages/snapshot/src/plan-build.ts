import type { BuildPorts, BuildRequest } from './build-request.ts'
import { findSnapshots } from './find-snapshots.ts'
import type { SnapshotRecord } from './ports/snapshots.ts'
import { requireInstanceType } from './require-instance-type.ts'
import { requirePermissions, withOtherRefusals } from './require-permissions.ts'
import { allOrEveryProblem, resolvePlan, type BuildPlan } from './resolve-plan.ts'

/** What a build would do. */
export interface BuildOutlook {
  readonly plan: BuildPlan
  /** The snapshot that it would reuse, without a builder. */
  readonly reusable: SnapshotRecord | undefined
}

/** Finds out what `buildSnapshot` would do, with the same checks, and creates nothing. @throws what `buildSnapshot` throws before its first launch */
export async function planBuild(request: BuildRequest, ports: BuildPorts, signal: AbortSignal): Promise<BuildOutlook> {
  try {
    const [plan] = await allOrEveryProblem([resolvePlan(request, ports, signal), requireInstanceType(request, ports, signal)])
    const { reusable } = request.rebuild ? { reusable: undefined } : await findSnapshots(request, plan, ports, signal)
    if (reusable === undefined) await requirePermissions(request, plan, ports, signal)
    return { plan, reusable }
  } catch (error) {
    throw await withOtherRefusals(error, request, ports, signal)
  }
}
