import type { Problem } from '@prebake/kernel'
import type { ManifestErrorCode } from '../error-codes.ts'
import { identityOf, titleOf } from '../kubernetes/kubernetes-object.ts'
import { placeOf, type Manifest } from '../manifest.ts'

/** Each object that is in the manifests a second time: which of the two would win is undefined. */
export function findDuplicates(manifests: readonly Manifest[]): readonly Problem[] {
  const code = 'document-duplicated' satisfies ManifestErrorCode
  const first = new Map<string, Manifest>()
  return manifests.flatMap((manifest): Problem[] => {
    const identity = identityOf(manifest.document)
    const before = first.get(identity)
    if (before === undefined) {
      first.set(identity, manifest)
      return []
    }
    const wrong = `${titleOf(manifest.document)} is already in ${placeOf(before)}.`
    return [{ code, input: placeOf(manifest), wrong, remedy: 'Remove one of the two.' }]
  })
}
