import type { Problem } from '@prebake/kernel'
import type { SnapshotErrorCode } from '../error-codes.ts'
import type { ModelFile } from '../ports/model-hub.ts'
import { foldersOf } from './architecture-files.ts'
import { judgeFile } from './judge-file.ts'
import { isInside } from './parse-weight-index.ts'
import { folderOf, recordOf, type Repository } from './repository.ts'

export interface FolderFiles {
  readonly files: readonly ModelFile[]
  readonly problems: readonly Problem[]
}

/**
 * The files in folders that something at the top points at: modules of sentence-transformers, named chat templates, LoRA adapters, and components that
 * `config.json` names or the architecture's code reads. Everything else in folders stays out: `original/`, `onnx/`, checkpoints of a training.
 */
export function folderFiles(repository: Repository): FolderFiles {
  const { files, contents, config, architectures } = repository
  const modules = modulesOf(contents.get('modules.json'))
  const components = [...modules.map(({ path }) => path), ...foldersOf(architectures), ...namedFolders(files, config)]
  return {
    files: [
      ...[...files.values()].filter(({ path }) => /^additional_chat_templates\/[^/]+\.jinja$/.test(path)),
      ...new Set(components.flatMap((folder) => componentFiles(files, folder))),
      ...adapterFiles(files),
    ],
    problems: modules.flatMap((module) => moduleProblems(repository, module)),
  }
}

interface Module {
  readonly type: string
  /** Its folder; empty for the top of the repository. */
  readonly path: string
}

/** The modules of a sentence-transformers model: a list, or an object with a list. */
function modulesOf(content: unknown): readonly Module[] {
  const list = Array.isArray(content) ? content : recordOf(content)['modules']
  if (!Array.isArray(list)) return []
  return list.map(recordOf).map(({ type, path }) => ({ type: String(type), path: typeof path === 'string' ? trimFolder(path) : '' }))
}

/**
 * Without these files vLLM falls back to another pooling and omits a projection, with only a line in the log: its vectors are then wrong. Other kinds of
 * modules have no files (`Normalize`) or are not read by vLLM.
 */
function moduleProblems({ model, files }: Repository, { type, path }: Module): readonly Problem[] {
  const remedy = 'Choose a revision whose upload is complete.'
  const code = 'model-files-incomplete' satisfies SnapshotErrorCode
  const problem = (what: string): Problem => ({ code, input: 'model', wrong: `\`modules.json\` of \`${model}\` names ${what}`, remedy })
  if (path !== '' && !isInside(path)) return [problem(`${JSON.stringify(path)}, which is not a path inside the repository.`)]
  const inFolder = (name: string) => files.has(path === '' ? name : `${path}/${name}`)
  const isDense = /\bDense$/.test(type)
  if ((isDense || /\bPooling$/.test(type)) && !inFolder('config.json')) return [problem(`\`${path}\`, which has no \`config.json\`.`)]
  if (isDense && !inFolder('model.safetensors') && !inFolder('pytorch_model.bin')) return [problem(`\`${path}\`, which has no weights.`)]
  return []
}

/** The files directly in a component's folder: small ones, and its safetensors or, where it has none, its pickled weights. */
function componentFiles(files: Repository['files'], folder: string): readonly ModelFile[] {
  if (folder === '') return []
  const inside = [...files.values()].filter(({ path }) => folderOf(path) === folder)
  // Wherever `consolidated*.safetensors` lies, vLLM from 0.20 on takes the whole model for one in Mistral's format.
  const safetensors = inside.filter(({ path }) => /\/(?!consolidated)[^/]*\.safetensors$/.test(path))
  const weights = safetensors.length > 0 ? safetensors : inside.filter(({ path }) => /\/pytorch_model.*\.bin$/.test(path))
  return [...inside.filter((file) => !file.path.endsWith('.safetensors') && judgeFile(file) === 'companion'), ...weights]
}

/** Adapters at the top or in folders of their own, in the first of the forms that vLLM looks for. Those of a training's checkpoints stay out. */
function adapterFiles(files: Repository['files']): readonly ModelFile[] {
  const configs = [...files.keys()].filter((path) => /(^|\/)adapter_config\.json$/.test(path))
  const folders = configs.map(folderOf).filter((folder) => !/(^|\/)(checkpoint|global_step|step)[-_]?\d+(\/|$)/.test(folder))
  return folders.flatMap((folder) => {
    const prefix = folder === '' ? '' : `${folder}/`
    const weights = ['safetensors', 'bin', 'pt'].flatMap((ending) => files.get(`${prefix}adapter_model.${ending}`) ?? []).slice(0, 1)
    if (weights.length === 0) return []
    const inside = folder === '' ? [] : [...files.values()].filter((file) => folderOf(file.path) === folder)
    const config = files.get(`${prefix}adapter_config.json`)
    const companions = inside.filter((file) => !isWeights(file.path) && judgeFile(file) === 'companion')
    return [...new Set([...(config ? [config] : []), ...companions, ...weights])]
  })
}

const isWeights = (path: string): boolean => /\.(safetensors|bin|pth?)$/.test(path)

/** Folders with a `config.json` that `config.json` names by a value, such as `"audio_tokenizer_path": "./audio_tokenizer"`. */
function namedFolders(files: Repository['files'], value: unknown): readonly string[] {
  if (typeof value === 'string') {
    const folder = trimFolder(value)
    return files.has(`${folder}/config.json`) ? [folder] : []
  }
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap((each) => namedFolders(files, each)) : []
}

const trimFolder = (path: string): string => path.replace(/^\.\//, '').replace(/\/+$/, '')
