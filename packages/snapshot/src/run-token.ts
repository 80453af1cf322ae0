/** What GitHub says of the run that a build belongs to; undefined outside of GitHub Actions. */
export interface WorkflowRun {
  /** GITHUB_RUN_ID: stays the same when the run is run again. */
  readonly runId: string | undefined
  /** GITHUB_RUN_ATTEMPT, from 1. */
  readonly attempt: string | undefined
  /** GITHUB_REPOSITORY, `owner/name`: several may build in one account. */
  readonly repository: string | undefined
}

/**
 * The token that a build puts on everything it makes: `4711-2-<unique>@owner/name`. The jobs of one run have tokens of their own.
 * @param unique of this build alone
 */
export function createRunToken({ runId, attempt, repository }: WorkflowRun, unique: string): string {
  return `${runId || 'local'}-${attempt || '1'}-${unique}${repository ? `@${repository}` : ''}`
}

/**
 * Whether a token is of an earlier attempt of the same run, which is then dead: GitHub starts another attempt only after all jobs of the one before have
 * ended. Other jobs of the same attempt may be alive, and so may builders whose token names no run.
 */
export function isEarlierAttempt(token: string, own: string): boolean {
  const [other, mine] = [parse(token), parse(own)]
  if (other === undefined || mine === undefined) return false
  return other.repository === mine.repository && other.runId === mine.runId && other.attempt < mine.attempt
}

function parse(token: string): { readonly runId: string; readonly attempt: number; readonly repository: string } | undefined {
  const [, runId, attempt, repository] = /^(\d+)-(\d+)-[^@]+@(.+)$/.exec(token) ?? []
  if (runId === undefined || attempt === undefined || repository === undefined) return undefined
  return { runId, attempt: Number(attempt), repository }
}
