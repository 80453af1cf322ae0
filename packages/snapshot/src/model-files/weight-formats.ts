import type { WeightFormat } from './selection.ts'

/** The names that vLLM looks for, by format (vLLM, default_loader.py). */
export const weightFormats = {
  hf: { owner: 'Hugging Face', stem: 'model', whole: 'model.safetensors', index: 'model.safetensors.index.json' },
  mistral: {
    owner: 'Mistral',
    stem: 'consolidated',
    whole: 'consolidated.safetensors',
    index: 'consolidated.safetensors.index.json',
  },
} as const satisfies Record<WeightFormat, object>

/** Weights that vLLM's models load by these names, beside those that an index names: heads of BGE-M3, of vLLM's joint-schema models, and of DFlash drafts. */
const heads = new Set(['colbert_linear.pt', 'joint_head.safetensors', 'mask_embedding.pt', 'readout.safetensors', 'sparse_linear.pt'])

export const isHead = (path: string): boolean => heads.has(path)

/** Which format's weights a file may be part of: safetensors at the top that are neither an adapter nor a head. */
export function weightFormatOf(path: string): WeightFormat | undefined {
  if (!/^[^/]+\.safetensors$/.test(path) || path.startsWith('adapter_') || isHead(path)) return undefined
  return path.startsWith(weightFormats.mistral.stem) ? 'mistral' : 'hf'
}
