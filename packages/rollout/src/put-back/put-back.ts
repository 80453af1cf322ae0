import { isDeepStrictEqual } from 'node:util'
import type { Applied } from '../apply-planned.ts'
import { tryApply } from '../check-cluster.ts'
import type { Holds } from '../hold/holds.ts'
import { isNodePool, type KubernetesObject, referenceTo, titleOf } from '@prebake/manifests'
import type { RollOutPorts } from '../roll-out-request.ts'
import { SupersededError } from '../rollout-errors.ts'
import { previousDocument } from './previous-document.ts'

/**
 * Applies what each changed object was, in the order in which they were changed: first the NodePool, whose one document switches back, then what runs
 * on it. NodePools stay held until the caller has proven that all serves again.
 * @returns the objects as they then are. @throws SupersededError where somebody else has changed one since.
 */
export async function putBack(
  changed: readonly (Applied & { readonly before: KubernetesObject })[],
  { holds, force }: { readonly holds: Holds; readonly force: boolean },
  ports: Pick<RollOutPorts, 'cluster' | 'reporter'>,
  signal: AbortSignal,
): Promise<readonly KubernetesObject[]> {
  const { cluster, reporter } = ports
  const objects: KubernetesObject[] = []
  for (const { manifest, before, object } of changed) {
    const title = titleOf(object)
    const live = await cluster.get(referenceTo(object), signal)
    if (live === undefined || live.metadata.uid !== object.metadata.uid || !sameTemplate(live, object)) {
      throw new SupersededError(`Put back ${title}: somebody else has changed or deleted it meanwhile.`, {
        hint: 'See who else deploys it.',
      })
    }
    const previous = { before, document: manifest.document, live }
    const byField = previousDocument(previous)
    const tried = await tryApply(byField, force, ports, signal)
    const document = tried === undefined || saysTheSame(tried, before) ? byField : previousDocument(previous, true)
    objects.push(
      isNodePool(object) ? await holds.apply(document, force, signal) : await cluster.apply(document, { dryRun: false, force }, signal),
    )
    reporter.info(`${title} put back`)
  }
  return objects
}

function sameTemplate(one: KubernetesObject, other: KubernetesObject): boolean {
  return isDeepStrictEqual(specOf(one)['template'], specOf(other)['template'])
}

/** But for who owns it, how many there are, and what a hold changes. */
function saysTheSame(one: KubernetesObject, other: KubernetesObject): boolean {
  return isDeepStrictEqual(content(one), content(other))
}

function content(object: KubernetesObject): unknown {
  const { replicas: _replicas, disruption: _disruption, ...spec } = specOf(object)
  return { ...object, status: undefined, metadata: object.metadata.labels, spec }
}

const specOf = (object: KubernetesObject) => (object['spec'] ?? {}) as Readonly<Record<string, unknown>>
