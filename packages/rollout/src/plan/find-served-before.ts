import { isNodePool, pausedBy, specOf, titleOf, type KubernetesObject } from '@prebake/manifests'
import { formerPool, labelsOf } from '../pause/lost-pause.ts'
import type { RollOutPorts } from '../roll-out-request.ts'
import { findWorkloadKind } from '../workload/find-workload-kind.ts'
import { selectorsOf } from '../workload/selectors-of.ts'
import type { PlannedApply } from './planned-apply.ts'

type Labels = Readonly<Record<string, string>>
type Ports = Pick<RollOutPorts, 'cluster' | 'reporter'>

/**
 * Where an earlier rollout died, and what was to end it too, what is found is not what served: a NodePool without its Deployment, or both with pods that
 * crash. The NodePool's annotation has its own version from before, and what the workload's controller keeps (ReplicaSets, ControllerRevisions) has the other, so
 * that a rollback of this run goes back to those. What is found stays `before` where it serves, and where what served cannot be known.
 */
export async function findServedBefore(
  planned: readonly PlannedApply[],
  ports: Ports,
  signal: AbortSignal,
): Promise<readonly PlannedApply[]> {
  let result = planned
  for (const pool of planned) {
    const former = isNodePool(pool.manifest.document) && pool.before ? formerPool(pool.before) : undefined
    const served = former && (await servedWith(former, pool, result, ports, signal))
    if (served === undefined || served.length === 0) continue
    const owner = pool.before?.metadata.annotations?.[pausedBy]
    ports.reporter.info(
      `${titleOf(pool.manifest.document)}: the rollout ${owner} has not ended. A rollback of this one goes back to what served before that.`,
    )
    result = result.map((each) => served.find(({ manifest }) => manifest === each.manifest) ?? each)
  }
  return result
}

/** What becomes of the plan: the NodePool and the Deployments of a version that does not serve, with what served. None: what was found serves. */
async function servedWith(
  former: KubernetesObject,
  pool: PlannedApply,
  planned: readonly PlannedApply[],
  ports: Ports,
  signal: AbortSignal,
): Promise<readonly PlannedApply[] | undefined> {
  const [was, is] = [former, pool.before ?? former].map(labelsOf) as [Labels, Labels]
  const selectors = (workload: KubernetesObject | undefined) =>
    workload === undefined ? [] : selectorsOf(workload).map((each) => Object.entries(each).filter(([key]) => key in was || key in is))
  const isOf = (labels: Labels, workload: KubernetesObject | undefined) =>
    selectors(workload).every((selected) => selected.every(([key, value]) => value === labels[key]))
  const selecting = planned.filter(({ before }) => selectors(before).some((selected) => selected.length > 0))
  const asFound = selecting.every(({ before }) => isOf(is, before))
  // Labels that are the same in both versions do not tell them apart.
  if (asFound && (selecting.every(serves) || selecting.every(({ before }) => isOf(was, before)))) return undefined
  const served = [restoring(pool, former)]
  for (const workload of selecting.filter(({ before }) => !isOf(was, before))) {
    const before = workload.before && (await formerWorkload(workload.before, (each) => isOf(was, each), ports, signal))
    if (before === undefined) return undefined
    served.push(restoring(workload, before))
  }
  return served
}

function serves({ manifest, before }: PlannedApply): boolean {
  return before !== undefined && findWorkloadKind(manifest.document)?.judge(before, before).verdict === 'complete'
}

function restoring(planned: PlannedApply, before: KubernetesObject): PlannedApply {
  return { ...planned, before, changes: true, ...(planned.before && { found: planned.before }) }
}

/** The workload with the newest of its versions that fits; undefined where its controller keeps none. */
async function formerWorkload(
  workload: KubernetesObject,
  fits: (workload: KubernetesObject) => boolean,
  { cluster }: Ports,
  signal: AbortSignal,
): Promise<KubernetesObject | undefined> {
  const kind = findWorkloadKind(workload)
  const versions = (await kind?.versionsOf(workload, cluster, signal)) ?? []
  return versions.map((version) => ({ ...workload, spec: { ...specOf(workload), [kind?.versioned ?? '']: version } })).find(fits)
}
