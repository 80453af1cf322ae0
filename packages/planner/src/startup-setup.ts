import type { Range } from './range.ts'

/** What lies in the snapshot. */
export type Bake = 'both' | 'model' | 'image' | 'none'

/** How a new volume gets its blocks from the snapshot. */
export type Hydration =
  | { readonly kind: 'lazy' }
  /** 100 to 300 MiB/s. */
  | { readonly kind: 'rate'; readonly mibps: number }
  | { readonly kind: 'fast-restore' }

/** What can be chosen. */
export interface Setting {
  readonly bake: Bake
  /** How an image that is not baked arrives. */
  readonly pull: 'soci' | 'standard'
  readonly hydration: Hydration
  /** gp3. */
  readonly iops: number
  readonly throughputMiBps: number
  /** `mmap`: vLLM's default; `stream`: large reads in parallel (`--safetensors-load-strategy prefetch`, `--load-format runai_streamer`). */
  readonly loader: 'mmap' | 'stream'
}

/** What is given. */
export interface StartupSetup {
  /** Of the weights, in 10⁹ bytes. */
  readonly modelGB: number
  /** In 10⁹. */
  readonly parametersBillions: number
  /** Of the image's compressed layers, in 10⁹ bytes. */
  readonly imageGB: number
  readonly volumeGiB: number
  readonly instanceType: string
  /** EBS bandwidth in a burst. */
  readonly ebsMBps: number
  readonly cpuFactor: Range
  /** Whether the pods come to new nodes; else node, image and hydration are there already. */
  readonly newNodes: boolean
  /** Whether the compile cache is there: `/cache` filled for this GPU, image and arguments. */
  readonly compileCache: boolean
  readonly probePeriodSeconds: number
  readonly probeInitialDelaySeconds: number
  /** Pods that start at once, each on a node of its own. */
  readonly replicas: number
  /** Availability zones that they are spread over. */
  readonly zones: number
  readonly startsPerDay: number
  /** How long a node that was started for a pod lives, in hours. */
  readonly nodeHours: number
}

export function describeHydration(hydration: Hydration): string {
  if (hydration.kind === 'rate') return `volumeInitializationRate ${hydration.mibps} MiB/s`
  return hydration.kind === 'lazy' ? 'lazy' : 'Fast Snapshot Restore'
}

export function describeSetting({ bake, pull, hydration, iops, throughputMiBps, loader }: Setting): string {
  const image = bake === 'both' || bake === 'image' ? '' : `, image pulled (${pull === 'soci' ? 'SOCI, parallel' : 'containerd'})`
  return `bake ${bake}${image}; ${describeHydration(hydration)}; ${throughputMiBps} MiB/s, ${iops} IOPS; weights read ${loader === 'mmap' ? 'through a memory map' : 'in large blocks'}`
}

export const bakesImage = ({ bake }: Pick<Setting, 'bake'>): boolean => bake === 'both' || bake === 'image'
export const bakesModel = ({ bake }: Pick<Setting, 'bake'>): boolean => bake === 'both' || bake === 'model'
