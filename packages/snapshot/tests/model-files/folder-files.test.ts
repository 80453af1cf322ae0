import { expect, test } from '@jest/globals'
import { refusalOf, select, type RepositorySpec } from './repository.ts'

const st = (type: string, path: string) => ({ type: `sentence_transformers.models.${type}`, path })
const base = ['config.json', 'model.safetensors']
const withModules = (modules: unknown, ...files: readonly string[]): RepositorySpec => ({
  files: [...base, ...files],
  json: { 'modules.json': modules },
})
const inFolders = (spec: RepositorySpec) => select(spec).paths.filter((path) => path.includes('/'))

test.each<[string, RepositorySpec, readonly string[]]>([
  ['nested modules', withModules([st('Pooling', 'st/1_Pooling')], 'st/1_Pooling/config.json'), ['st/1_Pooling/config.json']],
  ['a module with a slash at its end', withModules([st('Pooling', '1_Pooling/')], '1_Pooling/config.json'), ['1_Pooling/config.json']],
  ['an object with modules', withModules({ modules: [st('Pooling', '1_Pooling')] }, '1_Pooling/config.json'), ['1_Pooling/config.json']],
  [
    // vLLM, adapters.py: `pytorch_model.bin` where there is no `model.safetensors`.
    'a projection that is pickled',
    withModules([st('Dense', '2_Dense')], '2_Dense/config.json', '2_Dense/pytorch_model.bin'),
    ['2_Dense/config.json', '2_Dense/pytorch_model.bin'],
  ],
  [
    'the newer names of the modules',
    withModules(
      [{ type: 'sentence_transformers.base.modules.dense.Dense', path: '2_Dense' }],
      '2_Dense/config.json',
      '2_Dense/model.safetensors',
    ),
    ['2_Dense/config.json', '2_Dense/model.safetensors'],
  ],
  ['no modules', withModules({}), []],
  [
    'modules without files that vLLM does not read',
    withModules([st('Normalize', '3_Normalize'), { type: 'custom_st.Router', path: '4_X' }]),
    [],
  ],
  [
    'adapters in folders, in the form that vLLM looks for first',
    {
      files: [
        ...[
          ...base,
          'adapters/retrieval/adapter_config.json',
          'adapters/retrieval/adapter_model.safetensors',
          'adapters/retrieval/adapter_model.bin',
        ],
        ...[
          'adapters/retrieval/README.md',
          'adapters/retrieval/added_tokens.json',
          'old-lora/adapter_config.json',
          'old-lora/adapter_model.bin',
        ],
      ],
    },
    [
      ...['adapters/retrieval/adapter_config.json', 'adapters/retrieval/adapter_model.safetensors', 'adapters/retrieval/added_tokens.json'],
      ...['old-lora/adapter_config.json', 'old-lora/adapter_model.bin'],
    ],
  ],
  [
    'not the adapters of a training’s checkpoints',
    {
      files: [
        ...base,
        'checkpoint-500/adapter_config.json',
        'checkpoint-500/adapter_model.safetensors',
        'run/checkpoint-9/adapter_config.json',
        'run/checkpoint-9/adapter_model.bin',
      ],
    },
    [],
  ],
  [
    'named chat templates, and nothing else of their folder',
    {
      files: [
        ...base,
        'additional_chat_templates/tool_use.jinja',
        'additional_chat_templates/README.md',
        'additional_chat_templates/old/x.jinja',
      ],
    },
    ['additional_chat_templates/tool_use.jinja'],
  ],
  [
    // vLLM 0.33, kimi_audio.py.
    'a folder that the architecture’s code reads',
    {
      files: [
        'model.safetensors',
        'whisper-large-v3/config.json',
        'whisper-large-v3/model.safetensors',
        'whisper-large-v3/pytorch_model.bin',
        'audio_detokenizer/model.pt',
      ],
      json: { 'config.json': { architectures: ['MoonshotKimiaForCausalLM'] } },
    },
    ['whisper-large-v3/config.json', 'whisper-large-v3/model.safetensors'],
  ],
  [
    'a folder that config.json names',
    {
      files: ['model.safetensors', 'audio/config.json', 'audio/model.safetensors', 'audio/consolidated.safetensors', 'vision/config.json'],
      json: { 'config.json': { model_type: 'x', audio_config: { path: './audio/' } } },
    },
    ['audio/config.json', 'audio/model.safetensors'],
  ],
  [
    // vLLM 0.33, cosmos3.py: `[tv]*er/*.safetensors`.
    'weights that one architecture has in folders',
    {
      files: ['model_index.json', 'transformer/a.safetensors', 'vision_encoder/b.safetensors', 'vae/c.safetensors'],
      json: { 'config.json': { architectures: ['Cosmos3ForConditionalGeneration'] } },
    },
    ['transformer/a.safetensors', 'vision_encoder/b.safetensors'],
  ],
  [
    'nothing of other folders',
    {
      files: [
        ...base,
        'original/params.json',
        'metal/model.bin',
        'onnx/config.json',
        'openvino/openvino_model.xml',
        'checkpoint-9/model.safetensors',
        '.cache/x.json',
      ],
    },
    [],
  ],
])('%s', (_title, spec, taken) => {
  expect(inFolders(spec)).toEqual(taken)
})

test('folders that are left out are named with their size', () => {
  const { notes } = select({ files: [...base, 'original/consolidated.00.pth:3000000000', 'metal/model.bin:1000000000'] })
  expect(notes).toEqual([{ level: 'info', text: 'Left out in `original/` and `metal/`: 2 files (4.00 GB).' }])
})

test.each<[string, RepositorySpec, string]>([
  ['a pooling without its configuration', withModules([st('Pooling', '1_Pooling')]), '`1_Pooling`, which has no `config.json`'],
  [
    'a projection without its configuration',
    withModules([st('Dense', '2_Dense')], '2_Dense/model.safetensors'),
    '`2_Dense`, which has no `config.json`',
  ],
  ['a projection without weights', withModules([st('Dense', '2_Dense')], '2_Dense/config.json'), '`2_Dense`, which has no weights'],
  ['a module outside', withModules([st('Pooling', '../1_Pooling')]), 'not a path inside the repository'],
])('refused: %s', (_title, spec, words) => {
  expect(refusalOf(spec)).toMatch(/^\[model-files-incomplete\] /)
  expect(refusalOf(spec)).toContain(words)
})

test('all problems are reported at once', () => {
  const refusal = refusalOf({
    files: ['a.safetensors', 'b.safetensors'],
    json: {
      'config.json': { model_type: 'new', auto_map: { AutoConfig: 'Alibaba-NLP/new-impl--configuration.NewConfig' } },
      'modules.json': [st('Pooling', '1_Pooling')],
    },
    choice: { patterns: ['nothing'] },
  })
  for (const words of ['`nothing`', 'several sets', '`1_Pooling`', '`Alibaba-NLP/new-impl`']) expect(refusal).toContain(words)
})
