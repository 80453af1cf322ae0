import { expect, test } from '@jest/globals'
import { coefficients, judgeCases } from '../src/index.ts'

/** How far the model is off, as it was when the page was written: a change of a coefficient shows here. */
const errors: Readonly<Record<string, number>> = {
  'weights of Llama-3-8B, 16 GB, gp3 at 1,000 MiB/s, default loader': -36,
  'the same weights, large reads in parallel': 6,
  '7B on L40S beside the reference CPU, page and compile cache warm': -7,
  '7B from CLI to the first answer, warm': -49,
  '7B from CLI to the first answer, cold': -37,
  'Qwen2.5-7B, warm': -50,
  'Mistral-7B AWQ, node and image by SOCI': 1,
  'Mistral-7B AWQ, vLLM, weights streamed from S3, compile cache on EFS': -41,
  'image of 15 GB in a snapshot, restored lazily: the first start': -92,
  'image of 15 to 20 GB, pulled by containerd': -18,
  'image of 13 GB, pulled by containerd': -64,
  '27B on A100, model load and engine': -68,
}

test('no case is a source of a coefficient', () => {
  const sources = Object.values(coefficients)
    .map(({ source }) => source)
    .join('\n')
  // The profiler's L40S run is no source: the coefficients are of its H100 NVL.
  for (const named of [
    'Run:ai',
    'vllm#40323',
    'vllm#40331',
    'chrismld',
    'images-cache#13',
    'Machine Learning Blog',
    'vertexcover',
    'kaito',
  ])
    expect(sources).not.toContain(named)
})

test('each case is predicted, and its error is what the documentation says', () => {
  const judged = judgeCases()
  expect(judged.length).toBeGreaterThanOrEqual(10)
  expect(Object.fromEntries(judged.map(({ title, error }) => [title, Math.round(error * 100)]))).toEqual(errors)
})
