import type { Problem } from '@prebake/kernel'
import type { SnapshotErrorCode } from '../error-codes.ts'
import type { ModelFile } from '../ports/model-hub.ts'
import { needsMistralFormat } from './architecture-files.ts'
import { bytesOf, countFiles, gigabytes, nameFiles } from './describe-files.ts'
import type { Repository } from './repository.ts'
import { resolveWeights, type ResolvedWeights } from './resolve-weights.ts'
import type { Note, WeightFormat } from './selection.ts'
import { weightFormatOf, weightFormats } from './weight-formats.ts'

export interface ChosenWeights extends ResolvedWeights {
  readonly format: WeightFormat
}

/**
 * Chooses one set of weights: the requested one, or Mistral's for a model that vLLM reads only in that format, or Hugging Face's, or Mistral's.
 * Never both, because vLLM from 0.20 on loads Mistral's if they exist.
 */
export function chooseWeights(repository: Repository, wanted: WeightFormat | 'auto'): ChosenWeights | Problem {
  const { model, files } = repository
  const mistralOnly = needsMistralFormat(repository.architectures)
  const candidates = wanted === 'auto' ? formatsToTry(repository, mistralOnly !== undefined) : [wanted]
  for (const format of candidates) {
    const resolved = resolveWeights(repository, format)
    if ('wrong' in resolved) return withOtherFormat(repository, format, resolved)
    if (resolved.files.length > 0) return { ...resolved, format, notes: [...resolved.notes, ...leftOut(repository, format, resolved)] }
  }
  if (wanted === 'auto' && mistralOnly !== undefined) {
    const wrong = `\`${model}\` is a \`${mistralOnly}\`, which vLLM loads only in Mistral's format, and has no \`consolidated*.safetensors\` with \`params.json\`.`
    const code = 'weights-missing' satisfies SnapshotErrorCode
    return { code, input: 'model', wrong, remedy: 'Choose the original repository. If your vLLM can load this one, set `format: hf`.' }
  }
  const format = candidates[0] ?? 'hf'
  const { owner, stem } = weightFormats[format]
  const weights = [...files.keys()].filter((path) => weightFormatOf(path) !== undefined).length
  const wrong = `\`${model}\` has no weights in ${owner}'s format (\`${stem}*.safetensors\`)${weights > 0 ? ', but in the other one' : ''}.`
  return { code: 'weights-missing' satisfies SnapshotErrorCode, input: 'format', wrong, remedy: 'Leave `format` out.' }
}

function formatsToTry({ files }: Repository, mistralOnly: boolean): readonly WeightFormat[] {
  if (mistralOnly) return files.has('params.json') ? ['mistral'] : []
  return files.has('config.json') ? ['hf', 'mistral'] : ['mistral']
}

/** The problem of one format, with the other format as the remedy if that is complete. */
function withOtherFormat(repository: Repository, format: WeightFormat, problem: Problem): Problem {
  const other = format === 'hf' ? 'mistral' : 'hf'
  const resolved = resolveWeights(repository, other)
  const configured = repository.files.has(other === 'hf' ? 'config.json' : 'params.json')
  if (!configured || needsMistralFormat(repository.architectures) || 'wrong' in resolved || resolved.files.length === 0) return problem
  return { ...problem, remedy: `${problem.remedy} Or set \`format: ${other}\`.` }
}

/** Says which safetensors at the top are not baked. */
function leftOut({ files, wanted, architectures }: Repository, format: WeightFormat, chosen: ResolvedWeights): readonly Note[] {
  const taken = new Set(chosen.files)
  const rest = [...files.values()].filter((file) => weightFormatOf(file.path) && !taken.has(file) && !wanted.has(file.path))
  const other = rest.filter(({ path }) => weightFormatOf(path) !== format)
  const copies = rest.filter(({ path }) => weightFormatOf(path) === format && isCopy(path, format))
  const strays = rest.filter(({ path }) => weightFormatOf(path) === format && !isCopy(path, format))
  const notes: Note[] = []
  if (other.length > 0) notes.push({ level: 'info', text: twoFormats(format, chosen.files, other, needsMistralFormat(architectures)) })
  if (copies.length > 0) notes.push({ level: 'info', text: `Left out as other copies of the weights: ${nameFiles(copies)}.` })
  if (strays.length > 0) {
    const why = chosen.index
      ? `vLLM does not load weights that \`${chosen.index.path}\` leaves out`
      : 'no index says that this belongs to the weights'
    notes.push({ level: 'warning', text: `Not baked: ${nameFiles(strays)}; ${why}. If the model needs it, add it to \`files\`.` })
  }
  return notes
}

function twoFormats(format: WeightFormat, chosen: readonly ModelFile[], rest: readonly ModelFile[], mistralOnly?: string): string {
  const other = format === 'hf' ? 'mistral' : 'hf'
  const mine = `${weightFormats[format].owner}'s weights are baked (${countFiles(chosen.length)}, ${gigabytes(bytesOf(chosen))})`
  const why =
    mistralOnly && format === 'mistral' ? `vLLM loads \`${mistralOnly}\` in this format only.` : `\`format: ${other}\` chooses those.`
  return `${mine}, ${weightFormats[other].owner}'s are left out: ${nameFiles(rest)}. ${why}`
}

/** Whether a name is usual for all weights once more: the whole file, a series, or a precision as in `model.fp16.safetensors`. */
function isCopy(path: string, format: WeightFormat): boolean {
  const { stem, whole } = weightFormats[format]
  return path === whole || (path.startsWith(stem) && /-\d+-of-\d+|\.(fp|bf|f|int)\d+\./.test(path))
}
