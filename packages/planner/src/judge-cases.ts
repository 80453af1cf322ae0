import { predictStart } from './predict-start.ts'
import { publishedCases, type PublishedCase } from './published-cases.ts'
import type { Range } from './range.ts'

export interface JudgedCase extends PublishedCase {
  readonly predicted: Range
  /** Of the measured seconds: −0.2 is a fifth too few. */
  readonly error: number
  readonly isWithinRange: boolean
}

/** Every published case beside what the model says of it. */
export function judgeCases(): readonly JudgedCase[] {
  return publishedCases.map((each) => {
    const { phases, podSeconds } = predictStart(each.setup, each.setting)
    const seen = phases.filter(({ id }) => each.phases?.includes(id))
    const sum = (pick: keyof Range) => seen.reduce((total, { seconds }) => total + seconds[pick], 0)
    const predicted = each.phases === undefined ? podSeconds : { best: sum('best'), expected: sum('expected'), worst: sum('worst') }
    return {
      ...each,
      predicted,
      error: predicted.expected / each.measuredSeconds - 1,
      isWithinRange: each.measuredSeconds >= predicted.best && each.measuredSeconds <= predicted.worst,
    }
  })
}
