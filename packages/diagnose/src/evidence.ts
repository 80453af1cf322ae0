/** One line that something in the cluster says. */
export interface Evidence {
  /** `Pod default/vllm-1`. */
  readonly object: string
  readonly kind: 'event' | 'status' | 'condition' | 'log'
  /** In the program's own words. */
  readonly text: string
  /** The part of it that says something of this workload; left out: all of it. */
  readonly about?: string
}
