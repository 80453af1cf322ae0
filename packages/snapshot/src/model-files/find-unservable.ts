import type { Problem } from '@prebake/kernel'
import type { SnapshotErrorCode } from '../error-codes.ts'
import type { ModelFile } from '../ports/model-hub.ts'
import { weightsOf } from './architecture-files.ts'
import { nameFiles, nameSome } from './describe-files.ts'
import { folderOf, recordOf, type Repository } from './repository.ts'
import { weightFormatOf, weightFormats } from './weight-formats.ts'

/** Why vLLM cannot serve the repository, whatever files are baked, and what to choose instead; undefined if there is no such reason. */
export function findUnservable(repository: Repository): Problem | undefined {
  const hasWeights = hasBaseWeights(repository)
  const reason =
    (hasWeights && isConfigured(repository) ? undefined : adapterOnly(repository)) ??
    (hasWeights
      ? (withoutConfig(repository) ?? ofAnotherLibrary(repository) ?? quantizedForOthers(repository))
      : withoutWeights(repository))
  const code = 'model-not-servable' satisfies SnapshotErrorCode
  return reason && { code, input: 'model', wrong: `\`${repository.model}\` ${reason[0]}`, remedy: reason[1] }
}

function hasBaseWeights({ files, architectures, contents }: Repository): boolean {
  const paths = [...files.keys()]
  const hasIndex = ({ index }: { index: string }) =>
    files.has(index) && Object.keys(recordOf(recordOf(contents.get(index))['weight_map'])).length > 0
  return (
    paths.some((path) => weightFormatOf(path) !== undefined) ||
    Object.values(weightFormats).some(hasIndex) ||
    weightsOf(architectures, paths).length > 0
  )
}

type Reason = readonly [wrong: string, remedy: string]

const hasMistralWeights = ({ files }: Repository): boolean => [...files.keys()].some((path) => weightFormatOf(path) === 'mistral')

const isConfigured = (repository: Repository): boolean =>
  repository.files.has('config.json') || (repository.files.has('params.json') && hasMistralWeights(repository))

function withoutConfig(repository: Repository): Reason | undefined {
  if (isConfigured(repository)) return undefined
  const { files } = repository
  if (files.has('model_index.json')) return diffusers
  const missing = hasMistralWeights(repository) ? 'neither `config.json` nor `params.json`' : 'no `config.json`'
  const elsewhere = [...files.keys()].filter((path) => path.endsWith('/config.json')).map((path) => `${folderOf(path)}/`)
  const where = elsewhere.length > 0 ? ` at the top, only in ${nameSome(elsewhere)}` : ''
  return [
    `has ${missing}${where}, so vLLM cannot tell what its weights are.`,
    'Choose a repository in the format of Hugging Face or Mistral, such as the one that these weights were made from.',
  ]
}

const diffusers: Reason = [
  'is a diffusers pipeline (`model_index.json`) without a `config.json` at the top, which vLLM cannot serve.',
  'Choose a language or embedding model.',
]

function ofAnotherLibrary({ config }: Repository): Reason | undefined {
  if (typeof config['_class_name'] === 'string' && config['model_type'] === undefined) {
    return [
      `is a part of a diffusers pipeline (\`${config['_class_name']}\` in its \`config.json\`), which vLLM cannot serve.`,
      diffusers[1],
    ]
  }
  if (typeof config['architecture'] === 'string' && config['model_type'] === undefined && config['architectures'] === undefined) {
    return [`is a timm model (\`${config['architecture']}\` in its \`config.json\`), which vLLM cannot serve.`, diffusers[1]]
  }
  return undefined
}

/** Methods of transformers and ExLlama that vLLM has in no release from 0.11 to 0.33 (`QuantizationMethods`). */
const unknownMethods = new Set(['aqlm', 'eetq', 'exl2', 'exl3', 'higgs', 'quanto', 'sinq', 'spqr', 'vptq'])

function quantizedForOthers({ config }: Repository): Reason | undefined {
  const { bits, group_size: groupSize } = recordOf(config['quantization'])
  const method = recordOf(config['quantization_config'])['quant_method']
  const isMlx = typeof bits === 'number' && typeof groupSize === 'number' && method === undefined
  if (!isMlx && !unknownMethods.has(String(method))) return undefined
  return [
    `is quantized ${isMlx ? 'for MLX (`quantization`' : `as \`${String(method)}\` (\`quantization_config\``} in its \`config.json\`), which vLLM cannot load.`,
    'Choose the original weights, or ones quantized with AWQ, GPTQ, FP8 or compressed-tensors.',
  ]
}

function adapterOnly({ files, contents }: Repository): Reason | undefined {
  const adapter = [...files.keys()].find((path) => /^adapter_(config\.json|model.*\.(safetensors|bin|pt))$/.test(path))
  if (adapter === undefined || [...files.keys()].some((path) => /^pytorch_model.*\.bin$/.test(path))) return undefined
  const base = recordOf(contents.get('adapter_config.json'))['base_model_name_or_path']
  const name = typeof base === 'string' && base !== '' ? `its base model, \`${base}\`,` : 'the base model that it was trained on'
  return [
    `holds an adapter (\`${adapter}\`) and no base model.`,
    `Bake ${name} and load the adapter with \`--lora-modules\`, or bake a repository where both are merged.`,
  ]
}

/** Formats of weights that are not baked, with what to choose instead. The first that a repository has is named. */
const formats: readonly (readonly [title: string, endings: RegExp, remedy: string])[] = [
  ['GGUF', /\.gguf$/, 'Choose the repository that these were made from; its name is often the same without `-GGUF`.'],
  [
    'pickled ones, which can run code when they are loaded',
    /(^|\/)(?!training_args|optimizer|scheduler|scaler|rng_state|openvino)[^/]*\.(bin|pth?|ckpt|pkl)$/,
    'Choose a repository or revision with safetensors: the hub’s converter offers one as a pull request, `revision: refs/pr/<number>`.',
  ],
  ['ONNX', /\.onnx$/, 'Choose the repository that these were exported from.'],
  ['OpenVINO', /openvino.*\.(xml|bin)$/, 'Choose the repository that these were exported from.'],
  ['TensorFlow or Flax ones', /\.(h5|msgpack|tflite)$/, 'Convert them with transformers, `from_tf` or `from_flax`.'],
  ['NeMo', /\.nemo$/, 'Choose a repository in the Hugging Face format.'],
]

function withoutWeights({ files }: Repository): Reason {
  if (files.has('model_index.json')) return diffusers
  const all = [...files.values()]
  return (
    inOtherFormat(all.filter(({ path }) => !path.includes('/'))) ??
    inFolders(all) ??
    inOtherFormat(all) ?? [
      'holds no weights as safetensors.',
      'Check the name: it may be a repository of configuration, code or a tokenizer alone.',
    ]
  )
}

function inFolders(files: readonly ModelFile[]): Reason | undefined {
  const folders = [...new Set(files.filter(({ path }) => path.endsWith('.safetensors')).map(({ path }) => `${folderOf(path)}/`))]
  if (folders.length === 0) return undefined
  return [
    `has safetensors in ${nameSome(folders)} only, and vLLM loads weights at the top of a repository.`,
    'Choose a repository with `config.json` and weights at the top.',
  ]
}

function inOtherFormat(files: readonly ModelFile[]): Reason | undefined {
  for (const [title, pattern, remedy] of formats) {
    const found = files.filter(({ path }) => pattern.test(path))
    if (found.length > 0) return [`holds no weights as safetensors, only ${title}: ${nameFiles(found)}.`, remedy]
  }
  return undefined
}
