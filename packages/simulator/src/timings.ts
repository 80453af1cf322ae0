/** One delay that the simulator plays, in simulated seconds, with where the figure comes from. */
export interface Timing {
  readonly seconds: number
  /** What the seconds stand for. */
  readonly meaning: string
  readonly source: string
}

/**
 * Every delay of the simulation stands here and nowhere else; `pnpm demo --timings` prints this table.
 * They are believable, not measured by us: a simulation proves order and failure handling, never speed.
 */
export const timings = {} as const satisfies Record<string, Timing>
