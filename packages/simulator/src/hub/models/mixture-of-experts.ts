import { json, large, small, written, type HubModel } from '../repository.ts'

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
