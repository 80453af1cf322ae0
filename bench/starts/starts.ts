/** A pod's start, in seconds. */
export interface Start {
  /** From the pod's creation until it was Ready, its node's boot included where it is new. */
  readonly seconds: number
  /** Of them until vLLM was imported. */
  readonly importSeconds: number
}

/** Starts of the same pod by what its node was made from, in the order in which they were measured. */
export interface Starts {
  /** New node, volume whole, no compile cache. */
  readonly whole: readonly Start[]
  /** The node that one of `whole` has left. */
  readonly warm: readonly Start[]
  readonly filling300: readonly Start[]
  readonly filling100: readonly Start[]
  /** New node, no snapshot: image and model through a limited link. */
  readonly control: readonly Start[]
}
