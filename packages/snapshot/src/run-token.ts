/** The workflow run of a build; undefined outside GitHub Actions. */
export interface WorkflowRun {
  /** GITHUB_RUN_ID: stays the same if the run is re-run. */
  readonly runId: string | undefined
  /** GITHUB_RUN_ATTEMPT, from 1. */
  readonly attempt: string | undefined
  /** GITHUB_REPOSITORY, `owner/name`: several repositories may build in one account. */
  readonly repository: string | undefined
}

/**
 * The token on every resource of a build: `4711-2-<unique>@owner/name`. Each job of a run has its own.
 * @param unique unique to this build
 */
export function createRunToken({ runId, attempt, repository }: WorkflowRun, unique: string): string {
  return `${runId || 'local'}-${attempt || '1'}-${unique}${repository ? `@${repository}` : ''}`
}

/**
 * Whether a token belongs to an earlier attempt of the same run, which has ended: GitHub starts another attempt only after all jobs of the previous one.
 * Other jobs of the same attempt may be alive, and so may builders whose token names no run.
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
