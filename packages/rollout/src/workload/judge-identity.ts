import { isDeepStrictEqual } from 'node:util'
import { readField, type KubernetesObject } from '@prebake/manifests'
import type { Judgement } from './workload-kind.ts'

/**
 * Whether the object is still what was applied, and whether its controller has seen that; undefined: both.
 * @param path of what its pods are made from, `spec.template`.
 * @param observed the generation that its status is of.
 */
export function judgeIdentity(
  object: KubernetesObject,
  ours: KubernetesObject,
  path: string,
  observed: number | undefined,
): Judgement | undefined {
  if (object.metadata.uid !== ours.metadata.uid) return { verdict: 'superseded', message: 'another client deleted and created it again' }
  if (!isDeepStrictEqual(readField(object, path), readField(ours, path)))
    return { verdict: 'superseded', message: 'its pod template was changed meanwhile' }
  if ((observed ?? 0) < (object.metadata.generation ?? 0))
    return { verdict: 'progressing', message: `the ${object.kind} controller has not processed it yet` }
  return undefined
}
