/** One line that something in the cluster says. */
export interface Evidence {
  /** `Pod default/vllm-1`. */
  readonly object: string
  readonly kind: 'event' | 'status' | 'condition' | 'log'
  /** In the program's own words. */
  readonly text: string
}
