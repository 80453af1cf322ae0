import { expect, test } from '@jest/globals'
import { refusalOf, type RepositorySpec } from './repository.ts'

const config = (value: unknown, ...files: readonly string[]): RepositorySpec => ({ files, json: { 'config.json': value } })

test.each<[string, RepositorySpec, readonly string[]]>([
  [
    'pickles',
    { files: ['config.json', 'pytorch_model.bin', 'training_args.bin'] },
    ['no weights as safetensors', 'pickled', '`pytorch_model.bin`', 'refs/pr/'],
  ],
  ['pickled shards', { files: ['config.json', 'pytorch_model-{00001..00009}-of-00009.bin'] }, ['pickled', 'and 6 more']],
  ['Meta’s own format', { files: ['params.json', 'consolidated.00.pth', 'tokenizer.model'] }, ['pickled', '`consolidated.00.pth`']],
  [
    'pickles beside an adapter',
    { files: ['config.json', 'pytorch_model.bin', 'adapter_config.json', 'adapter_model.bin'] },
    ['pickled', '`pytorch_model.bin`'],
  ],
  ['ONNX', { files: ['config.json', 'onnx/model.onnx', 'tokenizer.json'] }, ['only ONNX', '`onnx/model.onnx`']],
  ['OpenVINO', { files: ['config.json', 'openvino_model.xml', 'openvino_model.bin'] }, ['only OpenVINO']],
  ['Flax', { files: ['config.json', 'flax_model.msgpack'] }, ['Flax', '`flax_model.msgpack`']],
  ['TensorFlow', { files: ['config.json', 'tf_model.h5'] }, ['TensorFlow']],
  ['NeMo', { files: ['canary-1b.nemo'] }, ['only NeMo']],
  ['GGUF in folders', { files: ['config.json', 'Q4/x-00001-of-00002.gguf', 'Q4/x-00002-of-00002.gguf'] }, ['only GGUF']],
  [
    'weights in folders',
    { files: ['config.json', 'bf16/model.safetensors', 'fp16/model.safetensors'] },
    ['`bf16/` and `fp16/`', 'at the top'],
  ],
  ['no weights', { files: ['config.json', 'tokenizer.json'] }, ['no weights']],
  ['nothing', { files: [] }, ['no weights']],
  ['params.json alone', { files: ['params.json', 'tekken.json'] }, ['no weights']],
  ['params.json, but weights of the other format', { files: ['params.json', 'model.safetensors'] }, ['no `config.json`']],
  [
    'Mistral’s weights without a configuration',
    { files: ['consolidated.safetensors', 'tekken.json'] },
    ['neither `config.json` nor `params.json`'],
  ],
  [
    'a configuration in a folder',
    { files: ['0_Transformer/config.json', 'modules.json', 'model.safetensors'] },
    ['no `config.json` at the top, only in `0_Transformer/`'],
  ],
  [
    'a diffusers pipeline without weights at the top',
    { files: ['model_index.json', 'unet/diffusion_pytorch_model.safetensors'] },
    ['diffusers'],
  ],
  [
    'a part of a pipeline',
    config({ _class_name: 'AutoencoderKL' }, 'diffusion_pytorch_model.safetensors'),
    ['diffusers', '`AutoencoderKL`'],
  ],
  [
    'timm',
    config({ architecture: 'vit_base_patch16_224', num_classes: 1000 }, 'model.safetensors', 'pytorch_model.bin'),
    ['timm', '`vit_base_patch16_224`'],
  ],
  [
    'MLX',
    config(
      { model_type: 'llama', quantization: { bits: 4, group_size: 64 }, quantization_config: { bits: 4, group_size: 64 } },
      'model.safetensors',
    ),
    ['MLX'],
  ],
  ['ExLlama', config({ model_type: 'llama', quantization_config: { quant_method: 'exl3', bits: 4 } }, 'model.safetensors'), ['`exl3`']],
  [
    'an adapter with embeddings of its own',
    { files: ['adapter_config.json', 'adapter_model.safetensors', 'new_embeddings.safetensors'] },
    ['adapter'],
  ],
  [
    'an adapter of an unknown base',
    { files: ['adapter_config.json', 'adapter_model.bin'] },
    ['adapter', 'the base model that it was trained on'],
  ],
  [
    'an adapter with the configuration of its base',
    {
      files: ['config.json', 'adapter_model.safetensors', 'tokenizer.json'],
      json: { 'adapter_config.json': { base_model_name_or_path: 'meta-llama/Llama-3.1-8B' } },
    },
    ['`meta-llama/Llama-3.1-8B`'],
  ],
  [
    'an adapter whose checkpoints hold weights',
    { files: ['adapter_config.json', 'adapter_model.safetensors', 'checkpoint-9/model.safetensors'] },
    ['adapter'],
  ],
])('%s: the reason and the nearest thing that works', (_title, spec, words) => {
  const refusal = refusalOf(spec)
  expect(refusal).toMatch(/^\[model-not-servable\] /)
  for (const word of words) expect(refusal).toContain(word)
})

test('a quantization that names its method is not taken for MLX', () => {
  const quantized = {
    model_type: 'llama',
    quantization: { bits: 4, group_size: 64 },
    quantization_config: { quant_method: 'gptq', bits: 4 },
  }
  expect(refusalOf(config(quantized, 'model.safetensors'))).toBe('not refused')
})
