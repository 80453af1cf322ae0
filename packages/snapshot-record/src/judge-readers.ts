import { isOlder } from './releases.ts'

/** What nodes, or a builder, run, as far as it is known. */
export interface Nodes {
  /** Release of Bottlerocket: `1.69.0`. */
  readonly bottlerocket: string | undefined
  /** Minor version: `1.34`. */
  readonly kubernetes: string | undefined
}

/** What is known of who wrote a snapshot. */
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

/** The least major version of containerd that is to be expected there; an unknown release is taken for one before 1.69.0. */
export function containerdMajor({ bottlerocket, kubernetes }: Nodes): 1 | 2 | undefined {
  const minor = Number(kubernetes?.split('.')[1])
  if (minor >= firstMinorWithContainerd2) return 2
  if (bottlerocket !== undefined && !isOlder(bottlerocket, containerd2Everywhere)) return 2
  return Number.isNaN(minor) ? undefined : 1
}

/**
 * Whether nodes can read the images that a builder wrote: containerd's data are read by the same version or a newer one only (facts B8).
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
