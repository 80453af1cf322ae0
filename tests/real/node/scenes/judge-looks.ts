import type { Finding } from '../../../../packages/diagnose/src/index.ts'

/** What the product named first when it was asked, so many seconds after it was asked first. */
export interface Look {
  readonly seconds: number
  /** Undefined: it found nothing. */
  readonly first: Pick<Finding, 'rule' | 'certainty' | 'symptom'> | undefined
}

/** A cause has to stay the first for so long. */
const steadySeconds = 5

/** Whether the product is certain of the cause, and was in every look of the last seconds. */
export function isSteady(looks: readonly Look[], cause: string): boolean {
  const since = looks.slice(looks.findLastIndex(({ first }) => first?.rule !== cause || first.certainty !== 3) + 1)
  return (since.at(-1)?.seconds ?? 0) - (since[0]?.seconds ?? 0) >= steadySeconds
}

/**
 * What is wrong with how the product came to a cause. What slows a pod down that starts is no wrong cause of its crash, and a cause is called `model-missing`
 * before it is held against the snapshot as `snapshot-model-missing`, for which a pod has to crash twice.
 */
export function judgeLooks(looks: readonly Look[], cause: string): readonly string[] {
  const wrong = looks.filter(
    ({ first }) => first?.certainty === 3 && first.symptom !== 'slow' && first.rule !== cause && `snapshot-${first.rule}` !== cause,
  )
  const mistakes = wrong.map(({ seconds, first }) => `after ${Math.round(seconds)} s it was certain of ${first?.rule}`)
  return isSteady(looks, cause) ? mistakes : [...mistakes, `it was never certain of ${cause} for ${steadySeconds} s`]
}
