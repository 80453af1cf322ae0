import { nodePoolFields, type KubernetesObject } from '@prebake/manifests'
import { sameTemplate, type ReadBack, type Version } from '../observe/read-back.ts'
import { selectorsOf } from '../workload/selectors-of.ts'

/** A version that a NodePool can be given. */
export type Side = Exclude<Version, 'other'>

/**
 * The version of a NodePool that belongs with the Deployments as they are now, its present one if that does; undefined where neither does.
 * A Deployment that selects a label which the two versions give different values decides by that label. Any other belongs with the NodePool of its own
 * version.
 * @param preferred where the NodePool's template is the same in both.
 */
export function matchingVersion(pool: ReadBack, deployments: readonly ReadBack[], preferred: Side): Side | undefined {
  const { before, after = pool.manifest.document } = pool
  if (before === undefined || sameTemplate(before, after)) return preferred
  const labels = { before: labelsOf(before), after: labelsOf(after) }
  const switched = Object.keys({ ...labels.before, ...labels.after }).filter((key) => labels.before[key] !== labels.after[key])
  const sides: readonly Side[] = pool.version === 'before' ? ['before', 'after'] : ['after', 'before']
  return sides.find((side) =>
    deployments.every((deployment) => {
      const selected = deployment.live === undefined ? [] : selectorsOf(deployment.live).flatMap((selector) => Object.entries(selector))
      const decisive = selected.filter(([key]) => switched.includes(key))
      if (decisive.length > 0) return decisive.every(([key, value]) => value === labels[side][key])
      return deployment.live === undefined || !isSwitched(deployment) || deployment.version === 'other' || deployment.version === side
    }),
  )
}

const labelsOf = (pool: KubernetesObject) => nodePoolFields(pool).spec?.template?.metadata?.labels ?? {}

/** Whether the rollout gives it another template. */
const isSwitched = ({ before, after, manifest }: ReadBack) => before === undefined || !sameTemplate(before, after ?? manifest.document)
