import { mistralAwq } from './models/mistral-awq.ts'
import { mistralInstruct } from './models/mistral-instruct.ts'
import { type HubModel, json, large, small, written } from './repository.ts'

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

/** An invented model that has no safetensors, and a folder. */
export const withoutSafetensors: HubModel = {
  id: 'prebake-examples/pytorch-only',
  commit: '0a1b2c3d4e5f60718293a4b5c6d7e8f901234567',
  gated: false,
  lastModified: '2023-01-01T00:00:00.000Z',
  files: [
    json('config.json', { architectures: ['GPT2LMHeadModel'], model_type: 'gpt2' }),
    written('original/README.md', 'The weights as they were trained.\n'),
    large('pytorch_model.bin', 5_242_880),
    json('tokenizer.json', { version: '1.0', model: { type: 'BPE', vocab: {}, merges: [] } }),
  ],
}

const shards = [1, 2, 3].map((number) => `model-0000${number}-of-000003.safetensors`)

/**
 * An invented model with the shapes that large models have: six digits in the names of the shards as DeepSeek's, a head for drafts in a file of its own that
 * the index names, a named chat template in a folder, and weights for another runtime in another folder, as of gpt-oss.
 */
export const mixtureOfExperts: HubModel = {
  id: 'prebake-examples/mixture-of-experts',
  commit: '1b2c3d4e5f60718293a4b5c6d7e8f9012345670a',
  gated: false,
  lastModified: '2025-01-20T00:00:00.000Z',
  files: [
    written('README.md', '# A mixture of experts\n'),
    written('additional_chat_templates/tools.jinja', '{{ messages | tojson }}\n'),
    written('chat_template.jinja', '{{ messages }}\n'),
    json('config.json', { architectures: ['DeepseekV3ForCausalLM'], model_type: 'deepseek_v3', num_hidden_layers: 3 }),
    large('metal/model.bin', 13_107_200),
    ...shards.map((path) => large(path, 6_553_600)),
    json('model.safetensors.index.json', {
      metadata: { total_size: 20_971_520 },
      weight_map: {
        ...Object.fromEntries(shards.map((path, layer) => [`model.layers.${layer}.mlp.gate.weight`, path])),
        'model.layers.3.eh_proj.weight': 'model_mtp.safetensors',
      },
    }),
    large('model_mtp.safetensors', 1_310_720),
    small('tokenizer.json', 64_000),
    json('tokenizer_config.json', { tokenizer_class: 'LlamaTokenizerFast' }),
  ],
}

/** The models that the simulated hub has: a public one, a gated one, one with the shapes of large models, and two that cannot be baked. */
export const models: readonly HubModel[] = [mistralAwq, mistralInstruct, mixtureOfExperts, withoutSafetensors, incompleteUpload]
