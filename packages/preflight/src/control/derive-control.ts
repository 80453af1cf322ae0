import { InputError, type Problem } from '@prebake/kernel'
import { fieldsOf, isDeployment, isNodeClass, specOf, titleOf, type KubernetesObject, type Manifest } from '@prebake/manifests'
import { podTemplatesOf } from '../subject/pod-templates.ts'
import { bakedModel, byHand, type BakedSnapshot } from './baked-model.ts'
import { controlNodeClass } from './control-node-class.ts'
import { controlPod } from './control-pod.ts'
import type { ControlErrorCode } from './error-codes.ts'

/**
 * The same manifests without the snapshot, to measure its gain against: nodes with an empty data volume of the same kind, and pods that download the same
 * commit of the model from the hub into an `emptyDir`. Everything else stays as it is, the image included, which each node then pulls.
 * @param manifests filled in
 * @throws InputError with all that keeps it from being derived
 */
export function deriveControl(manifests: readonly Manifest[], snapshot: BakedSnapshot): readonly Manifest[] {
  const model = bakedModel(snapshot)
  if ('wrong' in model) throw new InputError([model])
  const problems: Problem[] = []
  const pods = podTemplatesOf({ manifests })
  const derive = (document: KubernetesObject): KubernetesObject => {
    if (isNodeClass(document)) return controlNodeClass(document, snapshot)
    const pod = isDeployment(document) ? pods.find(({ object }) => object === document) : undefined
    if (pod === undefined) return document
    const derived = controlPod(pod, model)
    if ('problems' in derived) {
      problems.push(...derived.problems)
      return document
    }
    const { template, ...spec } = specOf(document)
    return { ...document, spec: { ...spec, template: { ...fieldsOf(template), spec: derived.spec } } }
  }
  const control = manifests.map((manifest) => ({ ...manifest, document: derive(manifest.document) }))
  const isUsed = control.some(({ document }, index) => isNodeClass(document) && document !== manifests[index]?.document)
  if (!isUsed) problems.push(unused(manifests, snapshot))
  if (problems.length > 0) throw new InputError(problems)
  return control
}

function unused(manifests: readonly Manifest[], { snapshotId }: BakedSnapshot): Problem {
  const classes = manifests.flatMap(({ document }) => (isNodeClass(document) ? [titleOf(document)] : []))
  const wrong = `${classes.join(', ') || 'no EC2NodeClass is there, which'} has no volume from ${snapshotId}.`
  const remedy = 'Write `${SNAPSHOT_ID}` at `snapshotID` of the data volume.'
  return { code: 'control-volume-missing' satisfies ControlErrorCode, input: 'manifests', wrong, remedy: `${remedy} ${byHand}` }
}
