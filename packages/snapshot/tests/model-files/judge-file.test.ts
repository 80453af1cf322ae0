import { expect, test } from '@jest/globals'
import { judgeFile } from '../../src/model-files/judge-file.ts'

const MiB = 2 ** 20
const judge = (path: string, size: number) => judgeFile({ path, size, digest: { algorithm: 'sha256', hex: '00' } })

test.each([
  ...[
    'tokenizer.model',
    'tokenizer.model.v3',
    'tokenizer.model.v7m1',
    'tekken.json',
    'qwen.tiktoken',
    'spiece.model',
    'sentencepiece.bpe.model',
  ],
  ...[
    'vocab.txt',
    'merges.txt',
    'vocab.json',
    'bpe.codes',
    'chat_template.jinja',
    'chat_template.json',
    'modeling_x.py',
    'cache_autogptq_cuda_256.cpp',
  ],
  ...[
    'preprocessor_config.json',
    'hf_quant_config.json',
    'quantize_config.json',
    'params.json',
    'recipe.yaml',
    'mel_filters.npz',
    'am.mvn',
  ],
  ...['colbert_linear.pt', 'spk_dict.pt', 'requirements.txt', 'license_plate_model.py', 'policy.json', 'config'],
])('%s is a companion', (path) => {
  expect(judge(path, MiB)).toBe('companion')
})

test.each([
  ...['README.md', 'LICENSE', 'LICENCE.txt', 'Notice', 'USE_POLICY.md', 'USAGE_POLICY', 'MODEL_CARD.md', '.gitattributes', '.DS_Store'],
  ...['logo.svg', 'report.pdf', 'sample.wav', 'notebook.ipynb', 'assets.tar.gz', 'data.parquet'],
  ...['training_args.bin', 'trainer_state.json', 'optimizer.pt', 'scheduler.pt', 'rng_state_0.pth', 'events.out.tfevents.1.host'],
  ...['pytorch_model.bin.index.json', 'model.safetensors.index.fp32.json', 'diffusion_pytorch_model.safetensors.index.json'],
])('%s is not read', (path) => {
  expect(judge(path, MiB)).toBe('unread')
})

test.each([
  'pytorch_model.bin',
  'consolidated.00.pth',
  'a.gguf',
  'tf_model.h5',
  'flax_model.msgpack',
  'rust_model.ot',
  'model.onnx_data',
  'x.nemo',
  'openvino_model.xml',
])('%s is weights once more', (path) => {
  expect(judge(path, MiB)).toBe('other weights')
})

test('size decides only where the name does not', () => {
  expect(judge('tokenizer.json', 100 * MiB)).toBe('companion')
  expect(judge('colbert_linear.pt', 100 * MiB)).toBe('companion')
  expect(judge('mm_projector.bin', 17 * MiB)).toBe('other weights')
  expect(judge('embeddings.npz', 17 * MiB)).toBe('large')
})
