import { isFields, nodePoolFields, pausedBy, pausedUntil, servedBefore, titleOf, type KubernetesObject } from '@prebake/manifests'
import { findWorkloadKind } from '../workload/find-workload-kind.ts'
import { selectorsOf } from '../workload/selectors-of.ts'
import type { Side } from './matching-version.ts'

/** What is to become of a pause that another run has begun. */
export type Ending = { readonly side: Side; readonly former: KubernetesObject } | { readonly stays: string; readonly isLost: boolean }

type Labels = Readonly<Record<string, string>>

/**
 * Judges a pause of another run. Where all that runs on the NodePool is rolled out, it ends, whoever began it. Any other ends when its run is over for
 * certain, with the version of the NodePool that belongs to what runs on it; where the new pods do not serve it stays, since Karpenter would drain the old.
 * @param workloads all that may select the NodePool's nodes; undefined: that is not known.
 */
export function judgePause(
  pool: KubernetesObject,
  workloads: readonly KubernetesObject[] | undefined,
  { run, now }: { readonly run: string; readonly now: Date },
): Ending {
  const { [pausedBy]: owner = '', [pausedUntil]: until = '' } = pool.metadata.annotations ?? {}
  const isLost = !(Date.parse(until) > now.getTime()) || isEarlierAttempt(owner, run)
  const former = formerPool(pool)
  const at = isLost
    ? `drift is still paused: by the rollout ${owner}, which is lost`
    : `drift is paused by the rollout ${owner}, which may be at work until ${until}`
  if (former === undefined) return { stays: `${at}; what served before is not known`, isLost }
  if (workloads === undefined) return { stays: `${at}; what runs on it cannot be read`, isLost }
  const [was, is] = [labelsOf(former), labelsOf(pool)]
  const switched = Object.keys({ ...was, ...is }).filter((key) => was[key] !== is[key])
  const selecting = workloads.filter((each) => selectorsOf(each).some((selector) => switched.some((key) => key in selector)))
  const isOf = (labels: Labels) =>
    selecting.every((each) =>
      selectorsOf(each).every((selector) => switched.every((key) => !(key in selector) || selector[key] === labels[key])),
    )
  const waiting = selecting.filter((each) => findWorkloadKind(each)?.judge(each, each).verdict !== 'complete')
  if (selecting.length > 0 && isOf(is) && waiting.length === 0) return { side: 'after', former }
  if (!isLost) return { stays: at, isLost }
  if (selecting.length === 0) return { side: 'after', former }
  if (isOf(was)) return { side: 'before', former }
  const names = (isOf(is) ? waiting : selecting).map(titleOf).join(', ')
  return { stays: `${at}; ${names} ${isOf(is) ? 'does not serve' : 'belongs to neither version'}`, isLost }
}

/** The NodePool as it was before the rollout that has paused it. */
export function formerPool(pool: KubernetesObject): KubernetesObject | undefined {
  const kept = pool.metadata.annotations?.[servedBefore]
  if (kept === undefined) return undefined
  try {
    const spec: unknown = JSON.parse(kept)
    return isFields(spec) && isFields(spec['template']) ? { ...pool, spec } : undefined
  } catch {
    // Written by hand.
    return undefined
  }
}

export const labelsOf = (pool: KubernetesObject): Labels => nodePoolFields(pool).spec?.template?.metadata?.labels ?? {}

/** Of a run on GitHub: `<run>-<attempt>-<random>`. When a later attempt runs, the earlier ones are over. */
function isEarlierAttempt(owner: string, run: string): boolean {
  const [one, other] = [owner, run].map((name) => /^(\d+)-(\d+)-[^-]+$/.exec(name))
  return one?.[1] !== undefined && one[1] === other?.[1] && Number(one[2]) < Number(other?.[2])
}
