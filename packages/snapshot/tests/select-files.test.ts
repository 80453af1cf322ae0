import { expect, test } from '@jest/globals'
import { InputError } from '@prebake/kernel'
import type { ModelListing } from '../src/ports/model-hub.ts'
import { selectFiles } from '../src/select-files.ts'

function listing(...paths: readonly string[]): ModelListing {
  const files = paths.map((path) => ({ path, size: 1, digest: { algorithm: 'sha256' as const, hex: '00' } }))
  return { model: 'owner/name', commit: 'c'.repeat(40), restricted: false, files }
}

const shards = ['model-00001-of-00003.safetensors', 'model-00002-of-00003.safetensors', 'model-00003-of-00003.safetensors']

test('Mistral 7B v0.3: the shards, never the consolidated copy beside them', () => {
  const all = listing(
    ...['.gitattributes', 'README.md', 'config.json', 'consolidated.safetensors', 'generation_config.json', ...shards],
    ...[
      'model.safetensors.index.json',
      'params.json',
      'special_tokens_map.json',
      'tokenizer.json',
      'tokenizer.model',
      'tokenizer.model.v3',
      'tokenizer_config.json',
    ],
  )
  expect(selectFiles(all).map(({ path }) => path)).toEqual([
    ...['config.json', 'generation_config.json', ...shards, 'model.safetensors.index.json', 'params.json'],
    ...['special_tokens_map.json', 'tokenizer.json', 'tokenizer.model', 'tokenizer.model.v3', 'tokenizer_config.json'],
  ])
})

test.each([
  [
    'one file beside pickles and GGUF',
    ['config.json', 'model.safetensors', 'pytorch_model.bin', 'pytorch_model.bin.index.json', 'a.gguf'],
    ['config.json', 'model.safetensors'],
  ],
  [
    "Mistral's own format where it is the only one",
    ['params.json', 'consolidated.safetensors', 'tekken.json'],
    ['consolidated.safetensors', 'params.json', 'tekken.json'],
  ],
  ['a single set under another name', ['config.json', 'mistral-awq.safetensors'], ['config.json', 'mistral-awq.safetensors']],
  ['model.safetensors before other names', ['model.safetensors', 'draft.safetensors'], ['model.safetensors']],
  [
    'folders are left out',
    ['model.safetensors', 'onnx/model.onnx', 'original/consolidated.safetensors', 'original/params.json'],
    ['model.safetensors'],
  ],
  [
    'code and templates',
    ['model.safetensors', 'modeling_x.py', 'chat_template.jinja', 'vocab.txt', 'LICENSE.txt'],
    ['chat_template.jinja', 'model.safetensors', 'modeling_x.py', 'vocab.txt'],
  ],
])('%s', (_title, paths, chosen) => {
  expect(selectFiles(listing(...paths)).map(({ path }) => path)).toEqual(chosen)
})

test.each([
  ['no safetensors', ['config.json', 'pytorch_model.bin'], 'no weights as safetensors'],
  ['only an adapter', ['adapter_model.safetensors', 'adapter_config.json'], 'no weights as safetensors'],
  ['a shard is missing', [...shards.slice(1), 'config.json'], '2 of 3 shards'],
  ['several sets', ['a.safetensors', 'b.safetensors'], 'several sets of weights: a.safetensors, b.safetensors'],
])('%s is told on `model`', (_title, paths, wrong) => {
  expect(() => selectFiles(listing(...paths))).toThrow(InputError)
  expect(() => selectFiles(listing(...paths))).toThrow(wrong)
})
