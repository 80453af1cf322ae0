import { json, large, written, type HubModel } from '../repository.ts'

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
