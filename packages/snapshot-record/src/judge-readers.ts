import { isOlder } from './releases.ts'

/** The software of nodes or of a builder, as far as known. */
export interface Nodes {
  /** Release of Bottlerocket: `1.69.0`. */
  readonly bottlerocket: string | undefined
  /** Minor version: `1.34`. */
  readonly kubernetes: string | undefined
}

/** The software that wrote a snapshot, as far as known. */
export interface Written {
  readonly bottlerocket: string | undefined
  /** Version of containerd, or its major version alone. */
  readonly containerd: string | undefined
  readonly images: readonly unknown[]
}

export type ReaderVerdict = 'can-read' | 'older-bottlerocket' | 'older-containerd' | 'unknown'

/** The release that has containerd 2 in every variant; before it, variants for Kubernetes 1.32 and older had 1.7 (bottlerocket#4515). */
const containerd2Everywhere = '1.69.0'
const firstMinorWithContainerd2 = 33

/** The lowest major version of containerd to expect there. An unknown release counts as older than 1.69.0. */
export function containerdMajor({ bottlerocket, kubernetes }: Nodes): 1 | 2 | undefined {
  const minor = Number(kubernetes?.split('.')[1])
  if (minor >= firstMinorWithContainerd2) return 2
  if (bottlerocket !== undefined && !isOlder(bottlerocket, containerd2Everywhere)) return 2
  return Number.isNaN(minor) ? undefined : 1
}

/**
 * Whether nodes can read the images that a builder wrote: only the same version of containerd or a newer one can read its data (facts B8).
 */
export function judgeReaders(nodes: Nodes, written: Written): ReaderVerdict {
  if (written.images.length === 0) return 'can-read'
  const { bottlerocket } = nodes
  if (bottlerocket !== undefined && written.bottlerocket !== undefined && isOlder(bottlerocket, written.bottlerocket))
    return 'older-bottlerocket'
  const [theirs, writers] = [containerdMajor(nodes), Number.parseInt(written.containerd ?? '', 10)]
  if (theirs !== undefined && theirs < writers) return 'older-containerd'
  if (bottlerocket === undefined || written.bottlerocket === undefined || Number.isNaN(writers)) return 'unknown'
  return theirs !== undefined || writers === 1 ? 'can-read' : 'unknown'
}
