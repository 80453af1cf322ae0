import { json, large, small, written, type HubModel } from '../repository.ts'

const shard = (number: number) => `model-0000${number}-of-00003.safetensors`

/** Which shard each tensor is in. Where a shard ends is believed; that all three are named is what matters. */
function weightMap(): Record<string, string> {
  const map: Record<string, string> = { 'model.embed_tokens.weight': shard(1) }
  for (let layer = 0; layer < 32; layer += 1) {
    const file = shard(layer < 11 ? 1 : layer < 22 ? 2 : 3)
    for (const part of ['input_layernorm', 'mlp.down_proj', 'mlp.gate_proj', 'mlp.up_proj', 'post_attention_layernorm']) {
      map[`model.layers.${layer}.${part}.weight`] = file
    }
    for (const part of ['k', 'o', 'q', 'v']) map[`model.layers.${layer}.self_attn.${part}_proj.weight`] = file
  }
  return { ...map, 'model.norm.weight': shard(3), 'lm_head.weight': shard(3) }
}

/**
 * The second example: gated, and with two sets of weights (`consolidated.safetensors` beside the shards).
 *
 * Names and sizes are those of the real repository, from a clone listed in heidloff.net/article/deploying-custom-foundation-models-watsonx-ai
 * (2024-09); the weights' sizes also in vllm-project/vllm#4989. The commit is the real `main` of 2025-12. Which of the small files are in LFS is
 * believed, and the texts are ours, written after the real ones.
 */
export const mistralInstruct: HubModel = {
  id: 'mistralai/Mistral-7B-Instruct-v0.3',
  commit: 'c170c708c41dac9275d15a8fff4eca08d52bab71',
  gated: 'auto',
  lastModified: '2025-12-03T10:57:11.000Z',
  files: [
    written('.gitattributes', '*.safetensors filter=lfs diff=lfs merge=lfs -text\n*.model* filter=lfs diff=lfs merge=lfs -text\n'),
    small('README.md', 7_820),
    json('config.json', {
      architectures: ['MistralForCausalLM'],
      attention_dropout: 0.0,
      bos_token_id: 1,
      eos_token_id: 2,
      hidden_act: 'silu',
      hidden_size: 4096,
      initializer_range: 0.02,
      intermediate_size: 14336,
      max_position_embeddings: 32768,
      model_type: 'mistral',
      num_attention_heads: 32,
      num_hidden_layers: 32,
      num_key_value_heads: 8,
      rms_norm_eps: 1e-5,
      rope_theta: 1000000.0,
      sliding_window: null,
      tie_word_embeddings: false,
      torch_dtype: 'bfloat16',
      transformers_version: '4.42.0.dev0',
      use_cache: true,
      vocab_size: 32768,
    }),
    large('consolidated.safetensors', 14_496_078_512),
    json('generation_config.json', { _from_model_config: true, bos_token_id: 1, eos_token_id: 2 }),
    large(shard(1), 4_949_453_792),
    large(shard(2), 4_999_819_336),
    large(shard(3), 4_546_807_800),
    json('model.safetensors.index.json', { metadata: { total_size: 14_496_047_104 }, weight_map: weightMap() }),
    json('params.json', { dim: 4096, n_layers: 32, head_dim: 128, hidden_dim: 14336, n_heads: 32, n_kv_heads: 8, vocab_size: 32768 }),
    json('special_tokens_map.json', { bos_token: '<s>', eos_token: '</s>', unk_token: '<unk>' }),
    small('tokenizer.json', 1_961_548),
    large('tokenizer.model', 587_404),
    large('tokenizer.model.v3', 587_404),
    // The real one lists its control tokens: 140,874 bytes.
    json('tokenizer_config.json', { add_bos_token: true, legacy: false, tokenizer_class: 'LlamaTokenizer' }),
  ],
}
