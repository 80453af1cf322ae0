import type { Problem } from '@prebake/kernel'
import type { SnapshotErrorCode } from '../error-codes.ts'
import { recordOf } from './repository.ts'

/**
 * The files that an index of weights names (transformers: `weight_map`, from each tensor to its file), each once and in order; none where the index is empty.
 * The names become paths on the volume, so those that lead out of the repository are refused.
 */
export function parseWeightIndex(model: string, path: string, content: unknown): readonly string[] | Problem {
  const values = Object.values(recordOf(recordOf(content)['weight_map']))
  const names = [...new Set(values)].map(String).toSorted()
  const unsafe = names.find((name) => !isInside(name))
  if (unsafe === undefined) return names
  const wrong = `\`${path}\` of \`${model}\` names ${JSON.stringify(unsafe)}, which is not a path inside the repository.`
  const remedy = 'Choose another revision, or report it to the owner.'
  return { code: 'model-file-malformed' satisfies SnapshotErrorCode, input: 'model', wrong, remedy }
}

/** Whether a path that a repository's own file names stays inside the repository. */
export function isInside(path: string): boolean {
  return path !== '' && !path.startsWith('/') && !/[\\\p{Cc}]/u.test(path) && !path.split('/').includes('..')
}
