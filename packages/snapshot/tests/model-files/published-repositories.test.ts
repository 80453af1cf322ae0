import { describe, expect, test } from '@jest/globals'
import { expand, indexOf, refusalOf, select, type RepositorySpec } from './repository.ts'

/**
 * Repositories as they are published: their file names, and what vLLM serves them from. Names are those of the repository unless a comment says otherwise;
 * which files an index names was seen for some, and for the others follows from vLLM having served them.
 */
interface Published extends RepositorySpec {
  readonly takes: readonly string[]
  readonly leaves?: readonly string[]
  readonly warns?: string
}

const hfIndex = 'model.safetensors.index.json'
const tokenizer = ['tokenizer.json', 'tokenizer_config.json']
/** Everything that is listed, but for what is named. */
const allBut = (spec: RepositorySpec, left: readonly string[]) =>
  expand([...spec.files, ...Object.keys(spec.json ?? {})])
    .map((path) => path.replace(/:\d+$/, ''))
    .filter((path) => !left.includes(path))

const indexed = (shards: readonly string[], others: readonly string[], left: readonly string[] = []): Published => {
  const spec = { files: ['config.json', ...shards, ...others], json: { [hfIndex]: indexOf(...shards) } }
  return { ...spec, takes: allBut(spec, expand(left)), leaves: expand(left) }
}

const pooling = { idx: 1, name: '1', path: '1_Pooling', type: 'sentence_transformers.models.Pooling' }
const dense = { idx: 2, name: '2', path: '2_Dense', type: 'sentence_transformers.models.Dense' }
const normalize = { idx: 3, name: '3', path: '2_Normalize', type: 'sentence_transformers.models.Normalize' }
const modules = (...further: readonly unknown[]) => [
  { idx: 0, name: '0', path: '', type: 'sentence_transformers.models.Transformer' },
  ...further,
]
const onnx = ['onnx/model.onnx', 'onnx/model_quantized.onnx', 'openvino/openvino_model.bin', 'openvino/openvino_model.xml']

const published: Readonly<Record<string, Published>> = {
  // The index says which files are weights, whatever they are called.
  'deepseek-ai/DeepSeek-R1: six digits': indexed(
    ['model-{00001..00163}-of-000163.safetensors'],
    ['configuration_deepseek.py', 'modeling_deepseek.py', ...tokenizer, 'README.md', 'LICENSE', 'figures/benchmark.jpg'],
    ['README.md', 'LICENSE', 'figures/benchmark.jpg'],
  ),
  'deepseek-ai/DeepSeek-V3-Base: code of its own in a folder': indexed(
    ['model-{00001..00163}-of-000163.safetensors'],
    ['modeling_deepseek.py', 'inference/generate.py', 'inference/configs/config_671B.json'],
    ['inference/generate.py', 'inference/configs/config_671B.json'],
  ),
  'openai/gpt-oss-20b: numbered from 0 to N': indexed(
    ['model-{00000..00002}-of-00002.safetensors'],
    ['chat_template.jinja', ...tokenizer, 'USAGE_POLICY', 'metal/model.bin', 'original/config.json', 'original/model.safetensors'],
    ['USAGE_POLICY', 'metal/model.bin', 'original/config.json', 'original/model.safetensors'],
  ),
  'moonshotai/Kimi-K2-Instruct: no leading zeros': indexed(
    ['model-{1..61}-of-61.safetensors'],
    ['chat_template.jinja', 'tiktoken.model', 'tokenization_kimi.py', 'docs/deploy_guidance.md'],
    ['docs/deploy_guidance.md'],
  ),
  'moonshotai/Kimi-K2-Thinking': indexed(['model-{00001..00062}-of-000062.safetensors'], ['configuration.json', 'tiktoken.model']),
  'meituan-longcat/LongCat-Flash-Chat: an underscore': indexed(['model_{00001..00075}-of-00075.safetensors'], tokenizer),
  'Qwen/Qwen3.8-27B-FP8: one file a layer': indexed(
    ['layers-{0..63}.safetensors', 'mtp.safetensors', 'outside.safetensors'],
    ['merges.txt', 'vocab.json', 'preprocessor_config.json', 'video_preprocessor_config.json'],
  ),
  'XiaomiMiMo/MiMo-V2-Flash-Base: split tensors': indexed(
    [
      'model_{0..97}.safetensors',
      'model_{0..46}_linear_fc1-00001-of-00002.safetensors',
      'model_{0..46}_linear_fc1-00002-of-00002.safetensors',
    ],
    ['modeling_mimo_v2_flash.py'],
  ),
  'Qwen/Qwen3.5-4B: the ending twice': indexed(['model.safetensors-{00001..00002}-of-00002.safetensors'], ['chat_template.jinja']),
  'nvidia/Mistral-Medium-3.5-128B-NVFP4: params.json beside shards': indexed(
    ['model-{00001..00044}-of-00044.safetensors'],
    ['hf_quant_config.json', 'params.json', 'tekken.json'],
  ),
  'JetBrains/Mellum2-12B-A2.5B-Base: a hidden folder': indexed(
    ['model-{00001..00005}-of-00005.safetensors'],
    ['.eval_results/mellum2.yaml', '.gitattributes', 'mellum-logo-dark.svg', ...tokenizer],
    ['.eval_results/mellum2.yaml', '.gitattributes', 'mellum-logo-dark.svg'],
  ),
  'RedHatAI/gemma-4-31B-it-FP8-block': indexed(
    ['model-{00001..00002}-of-00002.safetensors'],
    ['processor_config.json', 'README.md'],
    ['README.md'],
  ),
  // mlx-vlm#1464: 4 bits in one file beside shards in bf16.
  'one file and shards': indexed(['model-{00001..00003}-of-00003.safetensors'], ['model.safetensors'], ['model.safetensors']),
  // sglang#35107: one checkpoint split twice.
  'two series': indexed(
    ['model-{00001..00004}-of-00004.safetensors'],
    ['model-{00001..00008}-of-00008.safetensors'],
    ['model-{00001..00008}-of-00008.safetensors'],
  ),
  'meta-llama/Llama-3.1-8B-Instruct': indexed(
    ['model-{00001..00004}-of-00004.safetensors'],
    ['generation_config.json', 'USE_POLICY.md', 'original/consolidated.00.pth', 'original/params.json', 'original/tokenizer.model'],
    ['USE_POLICY.md', 'original/consolidated.00.pth', 'original/params.json', 'original/tokenizer.model'],
  ),

  // Every file that the index names is baked with it.
  'unsloth/Qwen3.8-27B-NVFP4: a head for drafts': indexed(['model.safetensors', 'model_mtp.safetensors'], ['chat_template.jinja']),
  'RedHatAI/Qwen3.6-35B-A3B-NVFP4: the vision tower in a file of its own': indexed(
    ['model.safetensors', 'model_mtp.safetensors', 'model_visual.safetensors'],
    ['processor_config.json', 'recipe.yaml'],
  ),
  // vLLM 0.33 loads it by name (clef_joint_schema.py); the list is invented.
  'a head that vLLM loads by name': indexed(
    ['model-{00001..00002}-of-00002.safetensors'],
    ['joint_head.safetensors', 'joint_head_config.json'],
  ),
  // mlx-swift-lm#554.
  'mlx-community/Qwen3-VL-4B-Instruct-4bit: an index of shards that were merged': {
    files: ['config.json', 'model.safetensors', 'tokenizer.json'],
    json: { [hfIndex]: indexOf('model-{00001..00002}-of-00002.safetensors') },
    takes: ['config.json', 'model.safetensors', 'tokenizer.json'],
    leaves: [hfIndex],
    warns: hfIndex,
  },

  // Folders that something at the top points at.
  'sentence-transformers/all-MiniLM-L6-v2: Normalize has no files': {
    files: [
      '1_Pooling/config.json',
      'config.json',
      'model.safetensors',
      'vocab.txt',
      'pytorch_model.bin',
      'tf_model.h5',
      'rust_model.ot',
      ...onnx,
    ],
    json: { 'modules.json': modules(pooling, normalize) },
    takes: ['1_Pooling/config.json', 'config.json', 'model.safetensors', 'modules.json', 'vocab.txt'],
    leaves: ['pytorch_model.bin', 'tf_model.h5', 'rust_model.ot', ...onnx],
  },
  'sentence-transformers/LaBSE: a projection': {
    files: [
      'config.json',
      '1_Pooling/config.json',
      '2_Dense/config.json',
      '2_Dense/model.safetensors',
      '2_Dense/pytorch_model.bin',
      'model.safetensors',
    ],
    json: { 'modules.json': modules(pooling, dense) },
    takes: ['1_Pooling/config.json', '2_Dense/config.json', '2_Dense/model.safetensors', 'model.safetensors'],
    leaves: ['2_Dense/pytorch_model.bin'],
  },
  'intfloat/multilingual-e5-large-instruct': {
    files: [
      'config.json',
      '1_Pooling/config.json',
      'model.safetensors',
      'sentencepiece.bpe.model',
      'onnx/model.onnx',
      'onnx/model.onnx_data',
    ],
    json: { 'modules.json': modules(pooling) },
    takes: ['1_Pooling/config.json', 'sentencepiece.bpe.model'],
    leaves: ['onnx/model.onnx', 'onnx/model.onnx_data'],
  },
  // transformers 5.24, tokenization_utils_base.py.
  'Qwen/Qwen3-VL-Reranker-2B: a chat template by its name': {
    files: ['config.json', 'additional_chat_templates/reranker.jinja', 'chat_template.jinja', 'model.safetensors'],
    takes: ['additional_chat_templates/reranker.jinja', 'chat_template.jinja'],
  },
  'microsoft/Phi-4-multimodal-instruct: a LoRA for pictures and one for speech': indexed(
    ['model-{00001..00003}-of-00003.safetensors'],
    [
      ...['speech-lora/adapter_config.json', 'speech-lora/adapter_model.safetensors', 'vision-lora/adapter_config.json'],
      ...['vision-lora/adapter_model.safetensors', 'modeling_phi4mm.py', 'phi_4_mm.tech_report.02252025.pdf', 'examples/what.wav'],
    ],
    ['phi_4_mm.tech_report.02252025.pdf', 'examples/what.wav'],
  ),

  // Small files, whatever their ending.
  // mistral_common reads a bare `tokenizer.model` in its place as version 1, which makes another prompt.
  'mistralai/Mistral-Large-Instruct-2411: tokenizer.model.v7': indexed(
    ['model-{00001..00051}-of-00051.safetensors'],
    ['tokenizer.model.v7', 'params.json'],
  ),
  // vLLM 0.33, roberta.py: both heads by name.
  'BAAI/bge-m3: heads as .pt': {
    files: [
      'config.json',
      '1_Pooling/config.json',
      'colbert_linear.pt:2100674',
      'sparse_linear.pt:3516',
      'model.safetensors',
      'pytorch_model.bin',
      'imgs/bm25.jpg',
    ],
    json: { 'modules.json': modules(pooling) },
    takes: ['sparse_linear.pt', 'colbert_linear.pt', '1_Pooling/config.json', 'model.safetensors'],
    leaves: ['pytorch_model.bin', 'imgs/bm25.jpg'],
  },
  'TheBloke/Llama-2-7B-GPTQ': {
    files: [
      'config.json',
      'model.safetensors',
      'quantize_config.json',
      'tokenizer.model',
      'LICENSE.txt',
      'Notice',
      'README.md',
      'USE_POLICY.md',
    ],
    takes: ['config.json', 'model.safetensors', 'quantize_config.json', 'tokenizer.model'],
    leaves: ['LICENSE.txt', 'Notice', 'README.md', 'USE_POLICY.md'],
  },
  'odd names': {
    files: ['config.json', 'model.safetensors', 'chat template (v2).jinja', 'tokenizer 100%+.json', 'größe [1].json', '日本語.txt'],
    takes: ['model.safetensors', 'chat template (v2).jinja', 'tokenizer 100%+.json', 'größe [1].json', '日本語.txt'],
  },
  // vllm#16246, vllm#19126: it is served with itself as its LoRA.
  'ibm-granite/granite-speech-3.3-8b: a LoRA at the top': indexed(
    ['model-{00001..00004}-of-00004.safetensors'],
    ['adapter_config.json', 'adapter_model.safetensors', 'merges.txt'],
  ),

  // Two formats.
  'mistralai/Mistral-7B-Instruct-v0.3: shards, not the consolidated copy': indexed(
    ['model-{00001..00003}-of-00003.safetensors'],
    ['consolidated.safetensors', 'params.json', 'tokenizer.model', 'tokenizer.model.v3'],
    ['consolidated.safetensors'],
  ),
  // vLLM 0.11 to 0.33, voxtral.py.
  'mistralai/Voxtral-Mini-3B-2507: Mistral’s format, since vLLM knows no other': {
    files: [
      'consolidated.safetensors',
      'model-{00001..00002}-of-00002.safetensors',
      'params.json',
      'preprocessor_config.json',
      'tekken.json',
    ],
    json: {
      'config.json': { architectures: ['VoxtralForConditionalGeneration'], model_type: 'voxtral' },
      [hfIndex]: indexOf('model-{00001..00002}-of-00002.safetensors'),
    },
    takes: ['config.json', 'consolidated.safetensors', 'params.json', 'tekken.json'],
    leaves: [hfIndex, 'model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'],
  },
  'Mistral’s format alone': {
    files: ['params.json', 'consolidated-{00001..00004}-of-00004.safetensors', 'tekken.json', 'SYSTEM_PROMPT.txt'],
    json: { 'consolidated.safetensors.index.json': indexOf('consolidated-{00001..00004}-of-00004.safetensors') },
    takes: [
      'consolidated.safetensors.index.json',
      ...expand(['consolidated-{00001..00004}-of-00004.safetensors']),
      'params.json',
      'tekken.json',
    ],
  },
  'openai/whisper-large-v3: once more in other precisions and formats': {
    files: [
      ...['config.json', 'model.safetensors', 'model.fp32-{00001..00002}-of-00002.safetensors', 'model.safetensors.index.fp32.json'],
      ...[
        'flax_model.msgpack',
        'pytorch_model.bin',
        'pytorch_model.fp32-00001-of-00002.bin',
        'pytorch_model.bin.index.fp32.json',
        'normalizer.json',
      ],
    ],
    takes: ['config.json', 'model.safetensors', 'normalizer.json'],
    leaves: ['model.fp32-00001-of-00002.safetensors', 'flax_model.msgpack', 'pytorch_model.bin', 'model.safetensors.index.fp32.json'],
  },
  // transformers 5.24 has nomic_bert itself. Without that: sentence-transformers#3043, transformers#34855.
  'nomic-ai/nomic-embed-text-v1: code in another repository': {
    files: ['1_Pooling/config.json', 'model.safetensors', 'vocab.txt'],
    json: {
      'config.json': {
        model_type: 'nomic_bert',
        auto_map: { AutoModel: 'nomic-ai/nomic-bert-2048--modeling_hf_nomic_bert.NomicBertModel' },
      },
      'modules.json': modules(pooling),
    },
    takes: ['1_Pooling/config.json', 'model.safetensors'],
    warns: 'nomic-ai/nomic-bert-2048',
  },
}

describe('the files of published repositories', () => {
  test.each(Object.entries(published))('%s', (_title, { takes, leaves = [], warns, ...spec }) => {
    const { paths, notes } = select(spec)
    expect(takes.filter((path) => !paths.includes(path))).toEqual([])
    expect(leaves.filter((path) => paths.includes(path))).toEqual([])
    expect(paths).toEqual(paths.toSorted())
    const warnings = notes.flatMap(({ level, text }) => (level === 'warning' ? [text] : []))
    expect(warnings).toHaveLength(warns === undefined ? 0 : 1)
    expect(warnings.join('')).toContain(warns ?? '')
  })
})

test.each<[string, RepositorySpec, readonly string[]]>([
  // club-3090#1036; vLLM 0.33, weight_utils.py: "Weight files referenced in index but missing".
  [
    'an upload that is not complete',
    {
      files: ['config.json', 'model-{00001..00002}-of-00002.safetensors'],
      json: { [hfIndex]: indexOf('model-{00001..00002}-of-00002.safetensors', 'mtp.safetensors') },
    },
    ['names 1 file', '`mtp.safetensors`', 'complete'],
  ],
  // vLLM, ultravox.py.
  [
    'fixie-ai/ultravox-v0_5-llama-3_2-1b',
    {
      files: ['model.safetensors', 'ultravox_model.py'],
      json: {
        'config.json': {
          ...{ architectures: ['UltravoxModel'], model_type: 'ultravox' },
          ...{ text_model_id: 'meta-llama/Llama-3.2-1B-Instruct', audio_model_id: 'openai/whisper-large-v3-turbo' },
        },
      },
    },
    ['`meta-llama/Llama-3.2-1B-Instruct` and `openai/whisper-large-v3-turbo`'],
  ],
  ['a repackaged checkpoint', { files: ['flux1-dev-kontext_fp8_scaled.safetensors'] }, ['no `config.json`']],
  [
    'a LoRA',
    { files: ['adapter_model.safetensors', 'tokenizer.json'], json: { 'adapter_config.json': { base_model_name_or_path: 'owner/base' } } },
    ['adapter', '`owner/base`', '--lora-modules'],
  ],
  [
    'black-forest-labs/FLUX.1-schnell',
    {
      files: [
        'ae.safetensors',
        'flux1-schnell.safetensors',
        'model_index.json',
        'transformer/config.json',
        'vae/diffusion_pytorch_model.safetensors',
      ],
    },
    ['diffusers', '`model_index.json`', '`config.json`'],
  ],
  ['GGUF alone', { files: ['mmproj-x-bf16.gguf:902821984', 'x-Q4_K_M.gguf:22318512256', 'x-Q8_0.gguf'] }, ['only GGUF', '23.22 GB']],
])('%s is refused', (_title, spec, words) => {
  const refusal = refusalOf(spec)
  for (const word of words) expect(refusal).toContain(word)
})
