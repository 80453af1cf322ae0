import { about } from './range.ts'
import type { PhaseId } from './predict-start.ts'
import type { Setting, StartupSetup } from './startup-setup.ts'

/** A published measurement that no coefficient was taken from. */
export interface PublishedCase {
  readonly title: string
  readonly source: string
  readonly measuredSeconds: number
  /** What of a start was measured; undefined: pod created → Ready. */
  readonly phases: readonly PhaseId[] | undefined
  readonly setup: StartupSetup
  readonly setting: Setting
  /** Why the model misses it, or what had to be assumed. */
  readonly note: string
}

const setup: StartupSetup = {
  modelGB: 14.5,
  parametersBillions: 7,
  imageGB: 9.35,
  volumeGiB: 150,
  instanceType: 'g5.2xlarge',
  ebsMBps: 437.5,
  cpuFactor: about(1),
  newNodes: true,
  compileCache: true,
  probePeriodSeconds: 0,
  probeInitialDelaySeconds: 0,
  replicas: 1,
  zones: 1,
  startsPerDay: 0,
  nodeHours: 1,
}
const setting: Setting = {
  bake: 'both',
  pull: 'soci',
  hydration: { kind: 'fast-restore' },
  iops: 3000,
  throughputMiBps: 125,
  loader: 'mmap',
}
const engine: readonly PhaseId[] = ['import', 'weights', 'compile', 'profile', 'graphs']
const vllm: readonly PhaseId[] = [...engine, 'server']
const warm = { ...setup, newNodes: false, instanceType: 'H100' }
const g5 = { best: 1.2, expected: 1.7, worst: 2.4 }
const gp3 = { ...setting, iops: 4000, throughputMiBps: 1000 }

/** The cases of facts/cold-start.md §3 and its later look that have enough figures to be predicted, and from which nothing was taken. */
export const publishedCases: readonly PublishedCase[] = [
  {
    title: 'weights of Llama-3-8B, 16 GB, gp3 at 1,000 MiB/s, default loader',
    source: 'Run:ai Model Streamer benchmarks, g5.12xlarge',
    measuredSeconds: 47.99,
    phases: ['weights'],
    setup: { ...setup, modelGB: 16, parametersBillions: 8, ebsMBps: 2000 },
    setting: gp3,
    note: 'the IOPS of their volume are not stated, 4,000 are assumed; a memory map reads one piece at a time, so that latency counts, too',
  },
  {
    title: 'the same weights, large reads in parallel',
    source: 'the same',
    measuredSeconds: 14.34,
    phases: ['weights'],
    setup: { ...setup, modelGB: 16, parametersBillions: 8, ebsMBps: 2000 },
    setting: { ...gp3, loader: 'stream' },
    note: '',
  },
  {
    title: '7B on L40S beside the reference CPU, page and compile cache warm',
    source: 'upb-cn/vllm-startup-profiler',
    measuredSeconds: 24.5,
    phases: engine,
    setup: warm,
    setting,
    note: 'the same CPU as the coefficients, another GPU',
  },
  {
    title: '7B from CLI to the first answer, warm',
    source: 'vllm-project/vllm#40323',
    measuredSeconds: 48.4,
    phases: vllm,
    setup: warm,
    setting,
    note: 'their host is not stated; a factor of 1.0 is assumed. The model has no first request',
  },
  {
    title: '7B from CLI to the first answer, cold',
    source: 'vllm-project/vllm#40323',
    measuredSeconds: 78.7,
    phases: vllm,
    setup: { ...warm, compileCache: false },
    setting,
    note: 'as above; their disk is not stated',
  },
  {
    title: 'Qwen2.5-7B, warm',
    source: 'vllm-project/vllm#40331',
    measuredSeconds: 49.6,
    phases: vllm,
    setup: warm,
    setting,
    note: 'as above',
  },
  {
    title: 'Mistral-7B AWQ, node and image by SOCI',
    source: 'chrismld/ai-on-eks-demos, g5.2xlarge',
    measuredSeconds: 91,
    phases: ['schedule', 'node', 'image'],
    setup: { ...setup, modelGB: 4.2, cpuFactor: g5 },
    setting: { ...setting, bake: 'model', throughputMiBps: 600 },
    note: '47 s and 44 s; their volume is not stated, 600 MiB/s are assumed',
  },
  {
    title: 'Mistral-7B AWQ, vLLM, weights streamed from S3, compile cache on EFS',
    source: 'chrismld/ai-on-eks-demos, g5.2xlarge: 70 s by its stamps, published as 51',
    measuredSeconds: 70,
    phases: vllm,
    setup: { ...setup, modelGB: 4.2, newNodes: false, cpuFactor: g5 },
    setting,
    note: '',
  },
  {
    title: 'image of 15 GB in a snapshot, restored lazily: the first start',
    source: 'aws-samples/bottlerocket-images-cache#13, g4dn: more than 10 minutes',
    measuredSeconds: 600,
    phases: ['import'],
    setup: {
      ...setup,
      modelGB: 0,
      imageGB: 7,
      ebsMBps: 437.5,
      instanceType: 'g4dn.xlarge',
      cpuFactor: { best: 1.3, expected: 1.8, worst: 2.6 },
    },
    setting: { ...setting, bake: 'image', hydration: { kind: 'lazy' } },
    note: 'the model reads 4 GB of an image at 135 MB/s; small reads of a lazy volume one after the other are several times as slow',
  },
  {
    title: 'image of 15 to 20 GB, pulled by containerd',
    source: 'AWS Machine Learning Blog on SOCI: 4 to 6 minutes',
    measuredSeconds: 300,
    phases: ['image'],
    setup: { ...setup, imageGB: 17.5, ebsMBps: 2000 },
    setting: { ...gp3, bake: 'none', pull: 'standard', hydration: { kind: 'lazy' } },
    note: 'the middle of both ranges',
  },
  {
    title: 'image of 13 GB, pulled by containerd',
    source: 'vertexcover, GPT-OSS-20B on EC2',
    measuredSeconds: 571,
    phases: ['image'],
    setup: { ...setup, imageGB: 13 },
    setting: { ...setting, bake: 'none', pull: 'standard', hydration: { kind: 'lazy' } },
    note: 'a plain volume is assumed; they name its writes as the limit',
  },
  {
    title: '27B on A100, model load and engine',
    source: 'kaito-project/kaito#2325, AKS: bootstrap 74 + before load 21 + model 62 + engine 195',
    measuredSeconds: 352,
    phases: engine,
    setup: {
      ...setup,
      modelGB: 54,
      parametersBillions: 27,
      ebsMBps: 2000,
      newNodes: true,
      compileCache: false,
      cpuFactor: { best: 1.1, expected: 1.2, worst: 1.4 },
    },
    setting: { ...gp3, loader: 'stream' },
    note: 'compilation and profiling of a larger model are not scaled: the coefficients are those of 7B. Another cloud',
  },
]
