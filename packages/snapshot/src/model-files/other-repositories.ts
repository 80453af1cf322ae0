import type { Problem } from '@prebake/kernel'
import type { SnapshotErrorCode } from '../error-codes.ts'
import { nameSome } from './describe-files.ts'
import { isNativeModelType } from './native-model-types.ts'
import { recordOf, type Repository } from './repository.ts'
import type { Note } from './selection.ts'

export interface OtherRepositories {
  readonly notes: readonly Note[]
  readonly problems: readonly Problem[]
}

/** Where transformers looks for code: a configuration, a tokenizer, the processors. */
const filesWithCode = [
  'config.json',
  'tokenizer_config.json',
  'processor_config.json',
  'preprocessor_config.json',
  'video_preprocessor_config.json',
]

/** The form of a repository's name: `owner/name`, or the name alone for the hub's oldest models. */
const repositoryName = /^[\w.-]+(\/[\w.-]+)?$/

/** Finds other repositories that a start of this model would fetch from. A pod is offline, and a snapshot holds one model. */
export function otherRepositories(repository: Repository): OtherRepositories {
  const found = [codeElsewhere(repository), partsElsewhere(repository), verifier(repository), tokenizerElsewhere(repository)]
  return { notes: found.flatMap(({ notes }) => notes), problems: found.flatMap(({ problems }) => problems) }
}

const code = 'model-needs-other-repository' satisfies SnapshotErrorCode
const nothing: OtherRepositories = { notes: [], problems: [] }

/** `auto_map` values of the form `owner/name--module.Class` (transformers, dynamic_module_utils.py). */
function codeElsewhere({ model, contents, config }: Repository): OtherRepositories {
  const places = filesWithCode.flatMap((path) => repositoriesIn(recordOf(contents.get(path))['auto_map']).map((name) => ({ path, name })))
  const others = places.filter(({ name }) => name.toLowerCase() !== model.toLowerCase())
  if (others.length === 0) return nothing
  const names = nameSome([...new Set(others.map(({ name }) => name))])
  const paths = nameSome([...new Set(others.map(({ path }) => path))])
  const what = `The code of \`${model}\` lies in ${names} (\`auto_map\` in ${paths}), which is not baked`
  if (isNativeModelType(config['model_type'])) {
    const text = `${what}. vLLM or transformers has \`${String(config['model_type'])}\` itself: use a recent image, and start it without \`--trust-remote-code\`.`
    return { notes: [{ level: 'warning', text }], problems: [] }
  }
  const remedy = `Bake a copy of the model with the code beside it: put the \`*.py\` files of ${names} into it, and remove \`owner/name--\` from \`auto_map\`.`
  return { notes: [], problems: [{ code, input: 'model', wrong: `${what}, and an offline pod cannot fetch it.`, remedy }] }
}

/** In a list of values, or of lists (a slow and a fast tokenizer), or by backend. */
function repositoriesIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return value.includes('--') ? [value.slice(0, value.indexOf('--'))] : []
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(repositoriesIn) : []
}

/** Fields such as `text_model_id`: Ultravox loads weights from there (vLLM, ultravox.py); of other models vLLM reads no such field. */
function partsElsewhere({ model, config, architectures }: Repository): OtherRepositories {
  const fields = Object.entries(config).filter(([key, value]) => key.endsWith('_model_id') && isOther(value, model))
  if (fields.length === 0) return nothing
  const named = nameSome(fields.map(([, value]) => String(value)))
  const keys = nameSome(fields.map(([key]) => key))
  if (config['model_type'] !== 'ultravox' && !architectures.includes('UltravoxModel')) {
    const text = `\`config.json\` names other repositories: ${named} (${keys}). If the model loads something from there, an offline pod cannot.`
    return { notes: [{ level: 'warning', text }], problems: [] }
  }
  const wrong = `\`${model}\` loads weights from ${named} (${keys} in its \`config.json\`), which a snapshot of one model does not hold.`
  const remedy = 'Choose a release of it that holds all weights, or save the merged model as a repository of its own.'
  return { notes: [], problems: [{ code, input: 'model', wrong, remedy }] }
}

/** A speculator: vLLM serves the verifier that it names, and the model itself only as its draft (`maybe_override_with_speculators`). */
function verifier({ model, config }: Repository): OtherRepositories {
  const name = recordOf(recordOf(config['speculators_config'])['verifier'])['name_or_path']
  if (!isOther(name, model)) return nothing
  const wrong = `\`${model}\` is a draft model for \`${String(name)}\`, which vLLM serves in its place and an offline pod cannot fetch.`
  return { notes: [], problems: [{ code, input: 'model', wrong, remedy: `Bake \`${String(name)}\`, and serve it without the draft.` }] }
}

/** Moondream 3 (vLLM, processors/moondream3.py). */
function tokenizerElsewhere({ model, config, files }: Repository): OtherRepositories {
  if (config['model_type'] !== 'moondream3' || files.has('tokenizer.json')) return nothing
  const wrong = `\`${model}\` has no \`tokenizer.json\`; vLLM then fetches \`moondream/starmie-v1\`, which an offline pod cannot.`
  return { notes: [], problems: [{ code, input: 'model', wrong, remedy: 'Bake a copy of the model with that file in it.' }] }
}

function isOther(value: unknown, model: string): boolean {
  return typeof value === 'string' && repositoryName.test(value) && value.toLowerCase() !== model.toLowerCase()
}
