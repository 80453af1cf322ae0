import { json, large, type HubModel } from '../repository.ts'

/** An invented model whose index names a file that was never uploaded. */
export const incompleteUpload: HubModel = {
  id: 'prebake-examples/incomplete-upload',
  commit: '2c3d4e5f60718293a4b5c6d7e8f9012345670a1b',
  gated: false,
  lastModified: '2025-01-20T00:00:00.000Z',
  files: [
    json('config.json', { architectures: ['LlamaForCausalLM'], model_type: 'llama' }),
    large('model-00001-of-00002.safetensors', 6_553_600),
    json('model.safetensors.index.json', {
      metadata: {},
      weight_map: {
        'model.embed_tokens.weight': 'model-00001-of-00002.safetensors',
        'lm_head.weight': 'model-00002-of-00002.safetensors',
      },
    }),
  ],
}
