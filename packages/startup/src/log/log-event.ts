import type { Speaker } from './speaker.ts'
import type { VllmForm } from './vllm-form.ts'

/** A known line, or a progress bar from its first state to its last. */
export interface LogEvent {
  readonly form: VllmForm
  /** Since 1970, on the node's clock. */
  readonly atMs: number
  readonly speaker: Speaker
  /** The part of the model that the line is about: `backbone`. Empty before 0.32. */
  readonly part: string
  /** The source file in the header: `gpu_model_runner.py`. Empty if there is none. */
  readonly file: string
  /** What the line says, shortened. */
  readonly said: string
  readonly groups: Readonly<Record<string, string | undefined>>
  readonly bar: Bar | undefined
}

export interface Bar {
  readonly startMs: number
  readonly endMs: number
  readonly percent: number
  /** `1/4`, as the bar counts. */
  readonly count: string
}

/** The duration that a line states, in seconds. NaN if it states none. */
export function secondsOf({ groups }: LogEvent): number {
  return Number(groups['seconds'] ?? NaN)
}

/** The rounding error of that duration, in milliseconds: half of its last digit. */
export function slackMsOf({ groups }: LogEvent): number {
  return 500 / 10 ** (groups['seconds']?.split('.')[1]?.length ?? 0)
}
