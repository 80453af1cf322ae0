/** Codes of errors of diagnose-startup, and what each means; docs/errors.md lists them. */
export const diagnoseErrors = {
  'diagnosed-workload-missing': 'The namespace has no such Deployment or StatefulSet, or this role may not read it.',
} as const

export type DiagnoseErrorCode = keyof typeof diagnoseErrors
