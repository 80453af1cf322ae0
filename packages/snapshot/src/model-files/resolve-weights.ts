import type { Problem } from '@prebake/kernel'
import type { SnapshotErrorCode } from '../error-codes.ts'
import type { ModelFile } from '../ports/model-hub.ts'
import { weightsOf } from './architecture-files.ts'
import { countFiles, nameFiles, nameSome } from './describe-files.ts'
import { groupWeights } from './group-weights.ts'
import { parseWeightIndex } from './parse-weight-index.ts'
import type { Repository } from './repository.ts'
import type { Note, WeightFormat } from './selection.ts'
import { weightFormatOf, weightFormats } from './weight-formats.ts'

/** The weights of one format. */
export interface ResolvedWeights {
  /** None where the repository has no weights in this format. */
  readonly files: readonly ModelFile[]
  /** The index that names exactly these files, where there is one. */
  readonly index: ModelFile | undefined
  readonly notes: readonly Note[]
}

/**
 * Finds the weights of one format. The index decides, whatever the files are called; it is baked only with every file that it names, because vLLM drops
 * what an index does not name, and since 0.33 does not start without what it names. Without an index the numbering of the names has to explain all.
 */
export function resolveWeights(repository: Repository, format: WeightFormat): ResolvedWeights | Problem {
  const { model, files, contents } = repository
  const { index: indexPath, whole } = weightFormats[format]
  const index = files.get(indexPath)
  if (index === undefined) return byName(repository, format, [])
  const names = parseWeightIndex(model, indexPath, contents.get(indexPath))
  if ('wrong' in names) return names
  if (names.length === 0) return byName(repository, format, [ignored(`\`${indexPath}\` names no files.`)])

  const missing = names.filter((name) => !files.has(name))
  if (missing.length === 0) {
    const named = names.flatMap((name) => files.get(name) ?? [])
    return { files: named, index, notes: inFolders(named) }
  }
  const wholeFile = files.get(whole)
  // An index that does not name the whole file is left over from other weights: quantizing tools often write one file and leave the index of many.
  if (wholeFile !== undefined && !names.includes(whole)) {
    const text = `\`${indexPath}\` names ${countFiles(missing.length)} that the repository does not have, and not \`${whole}\`, which is.`
    return { files: [wholeFile], index: undefined, notes: [ignored(text)] }
  }
  const wrong = `\`${indexPath}\` of \`${model}\` names ${countFiles(missing.length)} that the repository does not have: ${nameSome(missing)}.`
  const remedy = 'vLLM does not start without them. Choose a revision whose upload is complete.'
  return { code: 'model-files-incomplete' satisfies SnapshotErrorCode, input: 'model', wrong, remedy }
}

function byName(repository: Repository, format: WeightFormat, notes: readonly Note[]): ResolvedWeights | Problem {
  const { model, files, wanted, architectures } = repository
  const { stem } = weightFormats[format]
  const sets = groupWeights([...files.values()].filter(({ path }) => weightFormatOf(path) === format))
  const usual = sets.filter(({ name }) =>
    new RegExp(`^${stem}(\\.safetensors|(\\.safetensors)?[-_.]?\\*(-of-\\d+)?\\.safetensors)$`).test(name),
  )
  const [set, ...others] = usual.length > 0 ? usual : sets
  if (set === undefined) {
    const own = format === 'hf' ? weightsOf(architectures, [...files.keys()]) : []
    return { files: own.flatMap((path) => files.get(path) ?? []), index: undefined, notes }
  }
  if (others.length > 0) {
    const asked = [set, ...others].flatMap((each) => each.files).filter(({ path }) => wanted.has(path))
    if (asked.length > 0) return { files: asked, index: undefined, notes }
    const wrong = `\`${model}\` has several sets of weights (${nameSome([set, ...others].map(({ name }) => name))}) and no index that names one of them.`
    const remedy = 'Name the set that vLLM should load in `files`, such as `model-*-of-00004.safetensors`.'
    return { code: 'weights-ambiguous' satisfies SnapshotErrorCode, input: 'model', wrong, remedy }
  }
  if (set.missing > 0) {
    const wrong = `\`${model}\` lacks ${countFiles(set.missing)} of its weights \`${set.name}\` (${set.files.length} exist), and there is no index.`
    const remedy = 'Choose a revision whose upload is complete.'
    return { code: 'model-files-incomplete' satisfies SnapshotErrorCode, input: 'model', wrong, remedy }
  }
  return { files: set.files, index: undefined, notes }
}

const ignored = (what: string): Note => ({ level: 'warning', text: `${what} The index is left out, since vLLM would not start with it.` })

function inFolders(named: readonly ModelFile[]): readonly Note[] {
  const nested = named.filter(({ path }) => path.includes('/'))
  if (nested.length === 0) return []
  const text = `The index names weights in folders: ${nameFiles(nested)}. vLLM up to 0.33 loads weights at the top of a repository only; use a newer one.`
  return [{ level: 'warning', text }]
}
