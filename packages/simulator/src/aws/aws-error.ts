/** An answer that says no, in the service's own code and words. */
export class AwsError extends Error {
  readonly status: number
  readonly code: string

  constructor(code: string, message: string, status = 400) {
    super(message)
    this.name = 'AwsError'
    this.code = code
    this.status = status
  }
}

/** EC2's answer to a dry run that it would have carried out. */
export const dryRunOperation = (): AwsError => new AwsError('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.', 412)
