/** Something that is wrong, or costs money for nothing. */
export interface DoctorFinding {
  /** Stable: a rule of diagnose-startup or of the preflight, a code of docs/errors.md, or one of the doctor's own. */
  readonly code: string
  /** An error keeps pods from serving, or costs money for nothing; a warning makes them slow. */
  readonly severity: 'error' | 'warning'
  /** What is wrong, as a sentence. */
  readonly cause: string
  /** What to do about it. */
  readonly remedy: string
  /** In the cluster's or AWS's own words: `Pod default/vllm-0: 0/3 nodes are available`. */
  readonly evidence: readonly string[]
  /** A command that shows the same. */
  readonly check?: string
}

/** What one part of the examination found, and what it could not look at, with the reason. */
export interface Examined {
  readonly findings: readonly DoctorFinding[]
  readonly notChecked: readonly string[]
}

export const nothing: Examined = { findings: [], notChecked: [] }

export function together(parts: readonly Examined[]): Examined {
  return { findings: parts.flatMap(({ findings }) => findings), notChecked: [...new Set(parts.flatMap(({ notChecked }) => notChecked))] }
}
