import { InputError } from '@prebake/kernel'
import type { ModelFile, ModelListing } from './ports/model-hub.ts'

/**
 * Chooses the files that a vLLM start reads: one set of weights, and the configuration, tokenizer and code beside it.
 *
 * A repository may hold the same weights several times: Mistral's own has `consolidated.safetensors` beside the shards (14.5 GB twice), others have
 * `pytorch_model*.bin` or GGUF. Only the Hugging Face set of safetensors is taken; Mistral's own format only where it is the one set there is.
 * @throws InputError when there are no safetensors, when shards are missing, or when it cannot be told which set is meant.
 */
export function selectFiles(listing: ModelListing): readonly ModelFile[] {
  const top = listing.files.filter(({ path }) => !path.includes('/'))
  const weights = selectWeights(listing.model, top)
  const companions = top.filter(({ path }) => isCompanion(path))
  return [...weights, ...companions].toSorted((a, b) => (a.path < b.path ? -1 : 1))
}

const shardForm = /^(.*)-(\d{5})-of-(\d{5})\.safetensors$/

function selectWeights(model: string, files: readonly ModelFile[]): readonly ModelFile[] {
  const sets = new Map<string, ModelFile[]>()
  for (const file of files) {
    if (!file.path.endsWith('.safetensors')) continue
    const shard = shardForm.exec(file.path)
    const set = shard ? `${shard[1]} (${Number(shard[3])} shards)` : file.path
    sets.set(set, [...(sets.get(set) ?? []), file])
  }
  const isMistrals = (set: string) => set.startsWith('consolidated')
  const isAdapter = (set: string) => set.startsWith('adapter_')
  const preferred = [...sets.keys()].filter((set) => !isMistrals(set) && !isAdapter(set))
  const named = preferred.filter((set) => set === 'model.safetensors' || set.startsWith('model ('))
  const candidates = named.length > 0 ? named : preferred.length > 0 ? preferred : [...sets.keys()].filter(isMistrals)

  if (candidates.length === 0) {
    throw wrongModel(
      `\`${model}\` holds no weights as safetensors.`,
      'Choose a repository that has them; pickled weights (.bin, .pt) and GGUF are not baked.',
    )
  }
  if (candidates.length > 1) {
    throw wrongModel(`\`${model}\` holds several sets of weights: ${candidates.join(', ')}.`, 'Choose a repository with one set.')
  }
  const chosen = sets.get(candidates[0] ?? '') ?? []
  const expected = Number(shardForm.exec(chosen[0]?.path ?? '')?.[3] ?? 1)
  if (chosen.length !== expected) {
    throw wrongModel(
      `\`${model}\` lists ${chosen.length} of ${expected} shards of its weights.`,
      'Choose a revision whose upload is complete.',
    )
  }
  return chosen
}

const companionEndings = ['.json', '.model', '.model.v3', '.txt', '.jinja', '.py', '.tiktoken']
const otherFormats = /^(pytorch_model|tf_model|flax_model|adapter_config|adapter_model)/

function isCompanion(path: string): boolean {
  return companionEndings.some((ending) => path.endsWith(ending)) && !otherFormats.test(path) && !/^(LICENSE|NOTICE|README)/i.test(path)
}

function wrongModel(wrong: string, remedy: string): InputError {
  return new InputError([{ input: 'model', wrong, remedy }])
}
