import { readSet, type SetInputs } from '@prebake/apply-manifests/read-set'
import type { Reporter } from '@prebake/kernel'
import type { Manifest } from '@prebake/manifests'
import type { Arm } from '@prebake/startup'
import { withoutSnapshot, type BenchmarkInputs } from './inputs.ts'
import { judgeWithoutSnapshot, readControl } from './read-control.ts'

export interface ArmManifests {
  readonly arm: Arm
  readonly manifests: readonly Manifest[]
}

/**
 * Reads the manifests of the candidate and, where they are given, those of the baseline, each filled in as apply-manifests would; or derives the baseline
 * from the candidate.
 * @throws InputError with all that is wrong with one of them
 */
export async function readArms(
  given: BenchmarkInputs,
  context: { readonly env: NodeJS.ProcessEnv; readonly reporter: Reporter },
  signal: AbortSignal,
): Promise<readonly ArmManifests[]> {
  const { manifests, baselineManifests, variables, snapshotId, awsRegion, clusterName, namespace } = given
  const workspace = context.env['GITHUB_WORKSPACE'] || process.cwd()
  const hasBaseline = baselineManifests.length > 0
  const isDerived = baselineManifests.includes(withoutSnapshot)
  if (isDerived) judgeWithoutSnapshot(workspace)
  const set: SetInputs = {
    mode: 'apply',
    outputFolder: 'rendered',
    namespace,
    helmValues: [],
    helmRelease: undefined,
    snapshotTags: {},
    model: undefined,
    awsRegion,
    clusterName,
    variables,
    snapshotId,
    manifests,
    mayBeUnused: hasBaseline && !isDerived,
  }
  const candidate = await readSet(set, workspace, context, signal)
  const arms: ArmManifests[] = [{ arm: 'candidate', manifests: candidate.manifests }]
  if (!hasBaseline) return arms
  if (isDerived) return [...arms, { arm: 'baseline', manifests: await readControl(candidate, given, context, signal) }]
  // A baseline without a snapshot has what the candidate's says, such as the image; with one of its own, what that says.
  const { SNAPSHOT_ID: _, ...values } = candidate.values
  const own = given.baselineSnapshotId
  const baseline = await readSet(
    { ...set, snapshotId: own, manifests: baselineManifests, variables: own === undefined ? values : variables },
    workspace,
    context,
    signal,
  )
  return [...arms, { arm: 'baseline', manifests: baseline.manifests }]
}
