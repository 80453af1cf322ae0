import { InputError } from '@prebake/kernel'
import type { ModelFile, ModelListing } from '../../src/ports/model-hub.ts'
import { selectFiles } from '../../src/model-files/select-files.ts'
import type { FileChoice, Selection } from '../../src/model-files/selection.ts'

/** `model-{00001..00003}-of-00003.safetensors` as the three paths that it stands for. */
export function expand(specs: readonly string[]): string[] {
  return specs.flatMap((spec) => {
    const [range, first, last] = /\{(\d+)\.\.(\d+)\}/.exec(spec) ?? []
    if (range === undefined || first === undefined) return [spec]
    const numbers = Array.from({ length: Number(last) - Number(first) + 1 }, (_, position) => Number(first) + position)
    return numbers.map((number) => spec.replace(range, String(number).padStart(first.length, '0')))
  })
}

/** The index of weights in which every one of these files has a tensor. */
export function indexOf(...specs: readonly string[]): unknown {
  return { metadata: {}, weight_map: Object.fromEntries(expand(specs).map((path, position) => [`tensor.${position}`, path])) }
}

/** A repository's files (`path` or `path:bytes`), and the JSON files with their contents, which need not be listed again. */
export interface RepositorySpec {
  readonly files: readonly string[]
  readonly json?: Readonly<Record<string, unknown>>
  readonly choice?: FileChoice
}

const llama = { architectures: ['LlamaForCausalLM'], model_type: 'llama' }

export function select({ files, json = {}, choice }: RepositorySpec): Selection & { readonly paths: readonly string[] } {
  const specs = expand([...files, ...Object.keys(json)]).map((spec) => spec.split(/:(?=\d+$)/))
  const sizes = new Map(specs.map(([path = '', size = '1000']) => [path, Number(size)]))
  const list = [...sizes].map(([path, size]): ModelFile => ({
    path,
    size,
    digest: { algorithm: 'sha256', hex: '00' },
  }))
  const listing: ModelListing = { model: 'owner/name', commit: 'c'.repeat(40), restricted: false, files: list }
  const contents = new Map(Object.entries({ ...(sizes.has('config.json') && { 'config.json': llama }), ...json }))
  const selection = selectFiles(listing, contents, choice)
  return { ...selection, paths: selection.files.map(({ path }) => path) }
}

/** All problems with a repository, as one text. */
export function refusalOf(spec: RepositorySpec): string {
  try {
    select(spec)
  } catch (error) {
    if (error instanceof InputError)
      return error.problems.map(({ code, input, wrong, remedy }) => `[${code}] ${input}: ${wrong} ${remedy}`).join('\n')
    throw error
  }
  return 'not refused'
}
