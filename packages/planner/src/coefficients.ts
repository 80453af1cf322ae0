import type { Range } from './range.ts'

/** A figure of the model with where it comes from. */
export interface Coefficient extends Range {
  /** `s`, `s/GB`, `MB/s`, `GB`. */
  readonly unit: string
  readonly meaning: string
  readonly source: string
}

const figure = (best: number, expected: number, worst: number, unit: string, meaning: string, source: string): Coefficient => ({
  best,
  expected,
  worst,
  unit,
  meaning,
  source,
})

const profiler = 'upb-cn/vllm-startup-profiler, H100 NVL with EPYC 9354, vLLM 0.10.1 (MLSys 2026, "Breaking the Ice", arXiv 2606.07362)'
const ebs = 'EBS user guide'

/**
 * Every figure of the model. None of them is fitted to a case that docs/planning.md judges it on. CPU seconds are those of the profiler's host, and are
 * multiplied by an instance's CPU factor. A range whose ends have no source of their own is named as believed.
 */
export const coefficients = {
  schedule: figure(1, 2, 4, 's', 'pod created → NodeClaim', 'karpenter.sh, Settings: BATCH_IDLE_DURATION 1 s; the rest believed'),
  launch: figure(
    2,
    3,
    8,
    's',
    'NodeClaim → instance, which is when its volume starts to fill',
    'believed; CreateFleet without a lack of capacity',
  ),
  node: figure(
    27,
    42,
    62,
    's',
    'instance launched → GPU allocatable',
    'akingscote.co.uk (about 30 s) and Outreach at kube.fm (45 s; 65 s untuned) for the whole node, less 3 s for the launch',
  ),
  sandbox: figure(1, 2, 4, 's', 'sandbox and network of the pod', 'believed'),
  sociPerGB: figure(
    2.5,
    4.2,
    6.5,
    's/GB',
    'SOCI parallel pull and unpack, for each compressed GB',
    'aws-samples/karpenter-blueprints, image of 9.35 GB: 23.2 s (Bottlerocket), 39.6 s (AL2023); the worst is believed',
  ),
  pullPerGB: figure(12, 14, 20, 's/GB', 'containerd pull and unpack, for each compressed GB', 'the same: 130.8 s; the ends are believed'),
  unpacked: figure(2, 2.1, 2.3, 'GB/GB', 'size of an unpacked image, for each compressed GB', 'the same image: about 20 GB'),
  imageTouchedGB: figure(
    3,
    4,
    5,
    'GB',
    'pages of a vLLM image that a start reads',
    'facts of the review (aws-pitfalls D): computed, not measured',
  ),
  lazyMBps: figure(
    140,
    135,
    25,
    'MB/s',
    'reads of blocks that are still in the snapshot, gp3',
    'AWS MGN, re:Post ARAkrDcHieSsSYOPHL3ZJYeg: 130 to 140; the worst: EBS says "fluctuates"',
  ),
  bootstrap: figure(7.6, 8.4, 9.2, 's', 'container started → engine, CPU alone, image in memory', profiler),
  loadPerBillion: figure(
    0.25,
    0.27,
    1.1,
    's per 10⁹ parameters',
    'weights from the page cache to the GPU',
    `${profiler}; the worst is its A100 host`,
  ),
  compileHit: figure(8.4, 9.3, 10.2, 's', 'compile cache found: Dynamo 5.0 s and graphs 4.3 s (7B)', profiler),
  compileMiss: figure(15.3, 17, 20, 's', 'more for a compilation (7B)', profiler),
  profileHit: figure(1.8, 2, 2.4, 's', 'memory profiling, warm', profiler),
  profileMiss: figure(9, 10, 12, 's', 'memory profiling, cold', profiler),
  graphs: figure(1.1, 1.3, 1.5, 's', 'CUDA graphs, the sizes that vLLM chooses', profiler),
  server: figure(
    1,
    2,
    3,
    's',
    'engine ready → Application startup complete',
    'log of vLLM 0.11 in arm-learning-paths: 3 s; the rest believed',
  ),
  hubMBps: figure(
    69,
    20,
    8.7,
    'MB/s',
    'a pod downloads from the hub on one connection',
    'huggingface/xet-core#821: 67 to 69 from one edge in three, 8.7 from two; between them believed',
  ),
  cpuUnknown: figure(
    1,
    1.5,
    2.4,
    '',
    'CPU factor of an instance type without a figure',
    'the profiler’s hosts: 1.0, 1.2 and 1.4; slower cores believed',
  ),
  mmapReadKiB: figure(128, 128, 128, 'KiB', 'size of a read through a memory map: Linux’ readahead', 'Linux: read_ahead_kb'),
  largeReadKiB: figure(
    256,
    256,
    256,
    'KiB',
    'largest read that EBS counts as one',
    `${ebs}, "I/O characteristics": 256 KiB on SSD volumes`,
  ),
} as const satisfies Record<string, Coefficient>

export type CoefficientName = keyof typeof coefficients
