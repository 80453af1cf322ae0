import { InputError, type Problem } from '@prebake/kernel'
import type { ManifestErrorCode } from '../error-codes.ts'
import { isDeployment, isNodeClass, isNodePool } from '../kubernetes/karpenter.ts'
import { titleOf, type KubernetesObject } from '../kubernetes/kubernetes-object.ts'
import { specOf } from '../kubernetes/fields.ts'
import { placeOf, type Manifest } from '../manifest.ts'
import { copyName, lostAfterAnnotation, ownLabels, type Isolation, type IsolatedCopy } from './isolation.ts'
import { isolateDeployment } from './isolate-deployment.ts'
import { isolateNodePool } from './isolate-node-pool.ts'

/** Kinds that only pods of the copy read, so that it gets its own. */
const copiedKinds = ['ConfigMap', 'Secret']
const namespacedKinds = ['Deployment', ...copiedKinds]

/**
 * A copy of the manifests that can run beside what serves: own names, own nodes that no other pod comes to, and pods whose labels nothing selects. Services,
 * autoscalers, disruption budgets and whatever else acts on the original are left out.
 * @param manifests filled in
 * @throws InputError unless there is exactly one Deployment, and a NodePool with its EC2NodeClass
 */
export function isolateManifests(manifests: readonly Manifest[], isolation: Isolation): IsolatedCopy {
  const deployment = only(manifests, isDeployment, 'Deployment')
  const nodePool = only(manifests, isNodePool, 'NodePool')
  const nodeClass = only(manifests, isNodeClass, 'EC2NodeClass')
  const problems = [deployment, nodePool, nodeClass].flatMap((found) => ('wrong' in found ? [found] : []))
  if (!('document' in deployment) || !('document' in nodePool) || !('document' in nodeClass)) throw new InputError(problems)
  if (specOf(deployment.document)['paused'] === true) throw new InputError([paused(deployment)])

  const isCopied = ({ document }: Manifest) =>
    [deployment, nodePool, nodeClass].some((kept) => kept.document === document) || copiedKinds.includes(document.kind)
  const copied = manifests.filter(isCopied)
  const names = new Map(copied.map(({ document }) => [keyOf(document), copyName(document.metadata.name, isolation)]))
  const nameOf = (kind: string, name: string) => names.get(`${kind}/${name}`) ?? name
  const isolate = (document: KubernetesObject): KubernetesObject => {
    const own = { ...document, metadata: ownMetadata(document, isolation) }
    if (document === deployment.document) return isolateDeployment(own, document, isolation, nameOf)
    return document === nodePool.document ? isolateNodePool(own, isolation, nameOf) : own
  }
  const { name, namespace = isolation.namespace } = deployment.document.metadata
  return {
    manifests: copied.map((manifest) => ({ ...manifest, document: isolate(manifest.document) })),
    deployment: { name: nameOf('Deployment', name), namespace },
    nodePool: nameOf('NodePool', nodePool.document.metadata.name),
    leftOut: manifests.filter((each) => !isCopied(each)).map(({ document }) => titleOf(document)),
  }
}

const keyOf = ({ kind, metadata }: KubernetesObject) => `${kind}/${metadata.name}`

/** Without the original's labels and annotations: a tool such as Argo CD or Helm would take the copy for its own and delete it. */
function ownMetadata({ kind, metadata }: KubernetesObject, isolation: Isolation): KubernetesObject['metadata'] {
  const kept = Object.entries(metadata.annotations ?? {}).filter(([key]) => key.split('/')[0]?.includes('karpenter'))
  return {
    name: copyName(metadata.name, isolation),
    ...(namespacedKinds.includes(kind) && { namespace: metadata.namespace ?? isolation.namespace }),
    labels: ownLabels(isolation),
    annotations: { ...Object.fromEntries(kept), [lostAfterAnnotation]: isolation.lostAfter.toISOString() },
  }
}

interface IsolationProblem extends Problem {
  readonly code: ManifestErrorCode
}

function only(manifests: readonly Manifest[], is: (object: KubernetesObject) => boolean, kind: string): Manifest | IsolationProblem {
  const [found, other] = manifests.filter(({ document }) => is(document))
  if (found !== undefined && other === undefined) return found
  const wrong =
    found === undefined
      ? `contain no ${kind}.`
      : `contain more than one ${kind}: ${[found, other].map((each) => each && placeOf(each)).join(', ')}.`
  const remedy = `An isolated copy needs one Deployment, one NodePool and one EC2NodeClass. Give them, or measure in place with \`candidate: in-place\`.`
  return { code: 'isolation-incomplete', input: 'manifests', wrong, remedy }
}

function paused(manifest: Manifest): IsolationProblem {
  const wrong = `${titleOf(manifest.document)} is paused: no pod of it would ever start.`
  return { code: 'copy-paused', input: placeOf(manifest), wrong, remedy: 'Remove `spec.paused`.' }
}
