import { expect, test } from '@jest/globals'
import { refusalOf, select, type RepositorySpec } from './repository.ts'

const withJson = (json: Record<string, unknown>): RepositorySpec => ({
  files: ['config.json', 'model.safetensors', 'tokenizer.json'],
  json,
})
const config = (value: unknown) => withJson({ 'config.json': value })
const elsewhere = 'owner/code--modeling_x.X'

test.each<[string, RepositorySpec, string]>([
  [
    'code of the configuration',
    config({ model_type: 'new', auto_map: { AutoConfig: elsewhere, AutoModel: elsewhere } }),
    '`owner/code` (`auto_map` in `config.json`)',
  ],
  [
    'code of the tokenizer, slow and fast',
    withJson({ 'config.json': { model_type: 'x' }, 'tokenizer_config.json': { auto_map: { AutoTokenizer: [elsewhere, null] } } }),
    '`tokenizer_config.json`',
  ],
  [
    'code of the processor',
    withJson({ 'config.json': { model_type: 'x' }, 'preprocessor_config.json': { auto_map: { AutoProcessor: elsewhere } } }),
    '`preprocessor_config.json`',
  ],
  [
    'a speculator',
    config({ model_type: 'speculators', speculators_config: { verifier: { name_or_path: 'meta-llama/Llama-3.1-8B-Instruct' } } }),
    '`meta-llama/Llama-3.1-8B-Instruct`',
  ],
  ['weights of an Ultravox', config({ model_type: 'ultravox', text_model_id: 'gpt2', audio_model_id: null }), '`gpt2` (`text_model_id`'],
  [
    'a tokenizer of Moondream 3',
    { files: ['model.safetensors'], json: { 'config.json': { model_type: 'moondream3' } } },
    '`moondream/starmie-v1`',
  ],
])('refused: %s', (_title, spec, words) => {
  expect(refusalOf(spec)).toMatch(/^\[model-needs-other-repository\] /)
  expect(refusalOf(spec)).toContain(words)
})

test.each<[string, RepositorySpec, string]>([
  [
    'code that transformers has',
    config({ model_type: 'deepseek_v3', auto_map: { AutoConfig: 'deepseek-ai/DeepSeek-V3--configuration_deepseek.C' } }),
    'deepseek-ai/DeepSeek-V3',
  ],
  [
    'code that vLLM has',
    config({ model_type: 'kimi_k2', auto_map: { AutoConfig: 'moonshotai/Kimi-K2--configuration_deepseek.C' } }),
    'moonshotai/Kimi-K2',
  ],
  ['a field that vLLM does not read', config({ model_type: 'llama', teacher_model_id: 'owner/teacher' }), 'owner/teacher'],
])('a warning: %s', (_title, spec, words) => {
  expect(select(spec).notes).toEqual([{ level: 'warning', text: expect.stringContaining(words) }])
})

test.each<[string, RepositorySpec]>([
  [
    'code beside the model',
    config({ model_type: 'x', auto_map: { AutoConfig: 'configuration_x.X', AutoTokenizer: [null, 'tokenization_x.X'] } }),
  ],
  ['code in the model itself, by its name', config({ model_type: 'x', auto_map: { AutoConfig: 'Owner/Name--configuration_x.X' } })],
  ['the model that it was trained from', config({ model_type: 'llama', _name_or_path: 'meta-llama/Llama-3.1-8B' })],
  ['an Ultravox that holds all its weights', config({ model_type: 'ultravox', text_model_id: null, audio_model_id: '' })],
  ['an identifier that is no repository', config({ model_type: 'llama', run_model_id: 'https://example.com/x' })],
  ['a draft without a verifier', config({ model_type: 'speculators', speculators_config: { verifier: { name_or_path: null } } })],
])('nothing to say: %s', (_title, spec) => {
  expect(select(spec).notes).toEqual([])
})
