export { manifestErrors, type ManifestErrorCode } from './error-codes.ts'
export { conditionsOf, describeCondition, type Condition } from './kubernetes/conditions.ts'
export {
  fieldsOf,
  isFields,
  listAt,
  numberAt,
  readField,
  specOf,
  textAt,
  textOrNumberAt,
  textsAt,
  textsByName,
  type Fields,
} from './kubernetes/fields.ts'
export {
  isDeployment,
  isNodeClass,
  isNodePool,
  karpenterGroup,
  nodeClaimKind,
  nodeClassGroup,
  nodeClassKind,
  nodeClassOf,
  nodePoolFields,
  nodePoolKind,
  pausedBy,
  pausedUntil,
  servedBefore,
  type DisruptionBudget,
  type NodePoolFields,
} from './kubernetes/karpenter.ts'
export {
  groupOf,
  identityOf,
  referenceTo,
  titleOf,
  type KubernetesObject,
  type ManagedFields,
  type ObjectReference,
} from './kubernetes/kubernetes-object.ts'
export { formatLabelSelector, type LabelSelector } from './kubernetes/label-selector.ts'
export { parseGiB, parseQuantity } from './kubernetes/quantity.ts'
export { snapshotVolumesOf, type SnapshotVolume } from './kubernetes/snapshot-volumes.ts'
export { isolateManifests } from './isolate/isolate-manifests.ts'
export { copyLabel, lostAfterAnnotation, ownerLabel, ownLabels, type IsolatedCopy, type Isolation } from './isolate/isolation.ts'
export { findDuplicates } from './read/find-duplicates.ts'
export type { VariableSources } from './read/fill-variables.ts'
export { findPlaceholders } from './read/find-placeholders.ts'
export { readManifests } from './read/read-manifests.ts'
export { changeFiles, type ChangedFiles, type FieldChange } from './edit/change-files.ts'
export { type FieldPath } from './edit/yaml-editor.ts'
export { applyOrder } from './apply-order.ts'
export { diffObjects } from './diff-objects.ts'
export { placeOf, type Manifest, type ManifestFile } from './manifest.ts'
export { renderManifests } from './render-manifests.ts'
export { sameContent } from './same-content.ts'
