import type { SnapshotFlaw } from '../aws/store.ts'
import type { Agenda } from './agenda.ts'
import type { Store } from './store.ts'
import type { Draws } from './draws.ts'

/** A line that a container has written, or, in the future, will write. */
export interface LogLine {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly text: string
}

/** The data volume of a node. */
export interface DataVolume {
  readonly fromSnapshot: boolean
  /** What of the snapshot's content is not there, or cannot be read. */
  readonly flaw?: SnapshotFlaw | undefined
  /** Bytes per second that the volume gives, and that the instance can take. */
  readonly bytesPerSecond: number
  /** Bytes per second at which AWS fills the volume ahead of need; undefined: only what is read comes, slowly. */
  readonly initializationBytesPerSecond: number | undefined
  /** Milliseconds since 1970. */
  readonly attachedAt: number
}

/** As much of an EBS snapshot as a cluster meets. */
export interface SnapshotState {
  readonly snapshotId: string
  readonly state: string
  readonly spoiled?: SnapshotFlaw
}

/** What lies behind a Node object. */
export interface Machine {
  readonly volume: DataVolume
  readonly gpuMemoryGiB: number
  readonly ip: string
  /** Images that are on it. */
  readonly images: Set<string>
  /** Compile caches of vLLM on its disk, by image and model. */
  readonly compileCaches: Set<string>
}

/** A vLLM that runs in a pod's first container. */
export interface PodServer {
  /** As `/v1/models` names it. */
  readonly servedName: string
  /** Milliseconds since 1970: no one listens before. */
  readonly servingAt: number
  readonly port: number
  /** Completions so far. */
  completions: number
}

/** What the kubelet remembers of a container that has ended: client-go util/flowcontrol/backoff.go. */
export interface BackOff {
  /** What the next end may have to wait; undefined until one was looked at. */
  readonly seconds?: number
  /** The last end, in milliseconds since 1970. */
  readonly endedAt: number
}

/** Everything that the API server and the controllers share. */
export interface Cluster {
  readonly store: Store
  readonly agenda: Agenda
  readonly draws: Draws
  readonly snapshots: () => readonly SnapshotState[]
  /** By node name. */
  readonly machines: Map<string, Machine>
  /** By pod uid. */
  readonly logs: Map<string, readonly LogLine[]>
  /** By pod uid. */
  readonly servers: Map<string, PodServer>
  /** By pod uid: when the process in its container begins to hear SIGTERM, in milliseconds since 1970; absent: it never does. */
  readonly hearsTermFrom: Map<string, number>
  /** By pod uid. */
  readonly backOffs: Map<string, BackOff>
  /** Ends an open watch; one entry each. */
  readonly watches: Set<() => void>
}
