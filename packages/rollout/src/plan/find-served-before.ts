import {
  fieldsOf,
  isDeployment,
  isFields,
  isNodePool,
  nodePoolFields,
  pausedBy,
  readField,
  servedBefore,
  specOf,
  titleOf,
} from '@prebake/manifests'
import type { Fields, KubernetesObject } from '@prebake/manifests'
import { listReadable } from '../observe/list-readable.ts'
import { withoutHash } from '../observe/pods-of-template.ts'
import type { RollOutPorts } from '../roll-out-request.ts'
import { findWorkloadKind } from '../workload/find-workload-kind.ts'
import type { PlannedApply } from './planned-apply.ts'

type Labels = Readonly<Record<string, string>>
type Ports = Pick<RollOutPorts, 'cluster' | 'reporter'>

/**
 * Where an earlier rollout died, and what was to end it too, what is found is not what served: a NodePool without its Deployment, or both with pods that
 * crash. The NodePool's annotation has its own version from before, and the Deployment's ReplicaSets have the other, so that a rollback of this run goes back
 * to those. What is found stays `before` where it serves, and where what served cannot be known.
 */
export async function findServedBefore(
  planned: readonly PlannedApply[],
  ports: Ports,
  signal: AbortSignal,
): Promise<readonly PlannedApply[]> {
  let result = planned
  for (const pool of planned) {
    const former = formerPool(pool)
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

/** The NodePool as it was before the rollout that has paused it. */
function formerPool({ manifest, before }: PlannedApply): KubernetesObject | undefined {
  const kept = before?.metadata.annotations?.[servedBefore]
  if (!isNodePool(manifest.document) || before === undefined || kept === undefined) return undefined
  try {
    const spec: unknown = JSON.parse(kept)
    return isFields(spec) && isFields(spec['template']) ? { ...before, spec } : undefined
  } catch {
    // Written by hand.
    return undefined
  }
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
  const selected = (template: unknown) => Object.entries(selectorOf(template)).filter(([key]) => key in was || key in is)
  const isOf = (labels: Labels, template: unknown) => selected(template).every(([key, value]) => value === labels[key])
  const templateOf = ({ before }: PlannedApply) => before && specOf(before)['template']
  const selecting = planned.filter((each) => findWorkloadKind(each.manifest.document) && selected(templateOf(each)).length > 0)
  const asFound = selecting.every((each) => isOf(is, templateOf(each)))
  // Labels that are the same in both versions do not tell them apart.
  if (asFound && (selecting.every(serves) || selecting.every((each) => isOf(was, templateOf(each))))) return undefined
  const served = [restoring(pool, former)]
  for (const workload of selecting.filter((each) => !isOf(was, templateOf(each)))) {
    const template = await formerTemplate(workload.before, (each) => isOf(was, each), ports, signal)
    if (workload.before === undefined || template === undefined) return undefined
    served.push(restoring(workload, { ...workload.before, spec: { ...specOf(workload.before), template } }))
  }
  return served
}

const labelsOf = (pool: KubernetesObject): Labels => nodePoolFields(pool).spec?.template?.metadata?.labels ?? {}
const selectorOf = (template: unknown): Fields => fieldsOf(readField(template, 'spec.nodeSelector'))

function serves({ manifest, before }: PlannedApply): boolean {
  return before !== undefined && findWorkloadKind(manifest.document)?.judge(before, before).verdict === 'complete'
}

function restoring(planned: PlannedApply, before: KubernetesObject): PlannedApply {
  return { ...planned, before, changes: true, ...(planned.before && { found: planned.before }) }
}

/** The template of the Deployment's newest ReplicaSet that fits. */
async function formerTemplate(
  workload: KubernetesObject | undefined,
  fits: (template: unknown) => boolean,
  { cluster }: Ports,
  signal: AbortSignal,
): Promise<unknown> {
  if (workload === undefined || !isDeployment(workload)) return undefined
  const { namespace, uid } = workload.metadata
  const sets = await listReadable(cluster, { apiVersion: 'apps/v1', kind: 'ReplicaSet', ...(namespace && { namespace }) }, signal)
  if ('unreadable' in sets) return undefined
  const own = sets.items.filter(({ metadata }) => metadata.ownerReferences?.some((owner) => owner.uid === uid))
  const fitting = own.filter((set) => fits(specOf(set)['template'])).toSorted((one, other) => revisionOf(other) - revisionOf(one))
  return fitting[0] && withoutHash(fieldsOf(specOf(fitting[0])['template']))
}

const revisionOf = ({ metadata }: KubernetesObject): number => Number(metadata.annotations?.['deployment.kubernetes.io/revision'] ?? 0)
