import type { Problem, Reporter } from '@prebake/kernel'
import { fieldsOf, isFields, isNodeClass, placeOf, readField, snapshotVolumesOf, titleOf } from '@prebake/manifests'
import type { RolloutErrorCode } from '../error-codes.ts'
import { ownedFields } from '../restore/owned-fields.ts'
import type { PlannedApply } from './planned-apply.ts'

/** Of an EC2NodeClass: what puts something else over the volume from the snapshot. */
const hiding = ['instanceStorePolicy', 'userData']
/** What pods or nodes are made from. */
const parts = ['spec.template.spec', 'spec']

interface KeptField {
  /** `spec.instanceStorePolicy`. */
  readonly path: string
  readonly manager: string
}

/**
 * Fields that a manifest leaves out and that stay all the same, because another client has set them: server-side apply removes only what is one's own. Each
 * is a warning, and an error where it hides the snapshot.
 */
export function findKeptFields(
  planned: readonly PlannedApply[],
  { reporter }: { readonly reporter: Pick<Reporter, 'warning'> },
): readonly Problem[] {
  return planned.flatMap((each) => {
    const { document } = each.manifest
    const hides = isNodeClass(document) && snapshotVolumesOf(document).length > 0
    return keptFields(each).flatMap(({ path, manager }): Problem[] => {
      const wrong = `${titleOf(document)} keeps \`${path}\`: \`${manager}\` has set it, and the manifest leaves it out.`
      if (!(hides && hiding.some((field) => path === `spec.${field}`))) {
        reporter.warning(`${placeOf(each.manifest)}: ${wrong}`)
        return []
      }
      const remedy =
        'It puts something else over the volume from the snapshot. Give the EC2NodeClass a name of its own, `<name>-${NODECLASS_HASH}`, here and in the ' +
        "NodePool's `nodeClassRef`: a new object has only what its manifest says."
      return [{ code: 'foreign-field-kept' satisfies RolloutErrorCode, input: placeOf(each.manifest), wrong, remedy }]
    })
  })
}

function keptFields({ manifest: { document }, before, after }: PlannedApply): readonly KeptField[] {
  const part = parts.find((path) => isFields(readField(document, path)))
  if (before === undefined || after === undefined || part === undefined) return []
  const others = (after.metadata.managedFields ?? []).filter(({ manager, subresource }) => manager !== 'prebake' && !subresource)
  return others.flatMap(({ manager, fieldsV1 }) => {
    const owned = readField(ownedFields(after, fieldsV1), part)
    const given = fieldsOf(readField(document, part))
    const names = Object.keys(fieldsOf(owned)).filter((name) => name !== 'replicas' && !(name in given))
    return names.map((name) => ({ path: `${part}.${name}`, manager: manager ?? '' }))
  })
}
