import { json, large, small, written, type HubModel } from '../repository.ts'

/**
 * The default model: public, one set of weights.
 *
 * Names are those of the real repository. Of the sizes:
 * - `model.safetensors`: its tensors add up to 4,150,796,288 bytes (computed from config.json: 4 bits, groups of 128); the rest, its header, is believed.
 * - `tokenizer.json`, `tokenizer.model`: those of Mistral's 32,000 tokens, believed.
 * - the commit is invented, and so are the texts, written after the real ones.
 */
export const mistralAwq: HubModel = {
  id: 'TheBloke/Mistral-7B-Instruct-v0.2-AWQ',
  commit: '5f9c1b7e3a2d48c06b1e94d7f8a30c5276e4b1d9',
  gated: false,
  lastModified: '2023-12-11T22:34:37.000Z',
  files: [
    written('.gitattributes', '*.safetensors filter=lfs diff=lfs merge=lfs -text\n*.model filter=lfs diff=lfs merge=lfs -text\n'),
    written('README.md', '# Mistral 7B Instruct v0.2 - AWQ\n'),
    json('config.json', {
      architectures: ['MistralForCausalLM'],
      bos_token_id: 1,
      eos_token_id: 2,
      hidden_size: 4096,
      intermediate_size: 14336,
      max_position_embeddings: 32768,
      model_type: 'mistral',
      num_attention_heads: 32,
      num_hidden_layers: 32,
      num_key_value_heads: 8,
      quantization_config: { bits: 4, group_size: 128, quant_method: 'awq', version: 'gemm', zero_point: true },
      rope_theta: 1000000.0,
      torch_dtype: 'float16',
      vocab_size: 32000,
    }),
    json('generation_config.json', { _from_model_config: true, bos_token_id: 1, eos_token_id: 2 }),
    large('model.safetensors', 4_150_880_232),
    json('quant_config.json', { zero_point: true, q_group_size: 128, w_bit: 4, version: 'GEMM' }),
    json('special_tokens_map.json', { bos_token: '<s>', eos_token: '</s>', unk_token: '<unk>' }),
    small('tokenizer.json', 1_795_303),
    large('tokenizer.model', 493_443),
    json('tokenizer_config.json', { model_max_length: 1000000000, tokenizer_class: 'LlamaTokenizer' }),
  ],
}
