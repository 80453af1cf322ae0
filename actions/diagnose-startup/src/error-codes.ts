/** Codes of this action's own verdicts, and what each means; docs/errors.md lists them. */
export const diagnosisErrors = {
  'pods-do-not-start': '`fail-on-findings` is set, and something keeps pods from starting. The job summary names it.',
} as const

export type DiagnosisErrorCode = keyof typeof diagnosisErrors
