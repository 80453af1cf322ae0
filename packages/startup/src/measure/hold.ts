/** On a Deployment while a run measures it in place: the run, what it found and what it sets, as JSON (`Hold`). */
export const holdAnnotation = 'prebake.dev/benchmark-run'

/** Which run holds a Deployment, and what has to be put back when that run is lost. */
export interface Hold {
  /** `<workflow run>-<attempt>-<random>`. */
  readonly run: string
  /** The replicas that the run found. */
  readonly replicas: number
  /** Those that it sets. */
  readonly set: readonly number[]
  /** ISO 8601: from then on the run is taken for lost. */
  readonly until: string
}

/** Undefined for a Deployment that no run holds, and for an annotation that is not ours to read. */
export function readHold(annotations: Readonly<Record<string, string>>): Hold | undefined {
  try {
    const { run, replicas, set, until } = JSON.parse(annotations[holdAnnotation] ?? '') as Partial<Hold>
    const isCount = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 0
    if (typeof run !== 'string' || !isCount(replicas) || !Array.isArray(set) || !set.every(isCount) || typeof until !== 'string')
      return undefined
    return { run, replicas, set, until }
  } catch {
    return undefined
  }
}

/** Whether the run that holds a Deployment will never put its replicas back: its time is over, or a later attempt of it runs. */
export function isOver({ run, until }: Hold, mine: string, now: Date): boolean {
  if (!(Date.parse(until) > now.getTime())) return true
  return isEarlierAttempt(run, mine)
}

/** Whether both names are of one workflow run, and the first of an earlier attempt, which has then ended. */
export function isEarlierAttempt(run: string, mine: string): boolean {
  const [id, attempt] = run.split('-')
  const [ownId, ownAttempt] = mine.split('-')
  return id === ownId && /^\d+$/.test(id ?? '') && Number(attempt) < Number(ownAttempt)
}
