import { messageOf, type Problem } from '@prebake/kernel'
import type { AwsErrorCode } from './error-codes.ts'

/** The given region, or AWS_REGION or AWS_DEFAULT_REGION of `env`, or an empty string. */
export function regionOf(given: string | undefined, env: NodeJS.ProcessEnv): string {
  return given || env['AWS_REGION'] || env['AWS_DEFAULT_REGION'] || ''
}

export function regionProblems(region: string): Problem[] {
  if (/^[a-z]{2,}(-[a-z]+)+-\d+$/.test(region)) return []
  const remedy = 'Give a region such as eu-west-1 (the action configure-aws-credentials exports AWS_REGION).'
  const code = 'aws-region-malformed' satisfies AwsErrorCode
  return [{ code, input: 'aws-region', wrong: region === '' ? 'is missing.' : `"${region}" is not the name of a region.`, remedy }]
}

export function credentialsProblem(error: unknown): Problem {
  const reason = messageOf(error)
  return {
    code: 'aws-credentials-missing' satisfies AwsErrorCode,
    input: 'AWS credentials',
    wrong: `none are usable (${reason.replace(/\.$/, '')}).`,
    remedy:
      'In a workflow, run aws-actions/configure-aws-credentials before this step, in a job with `permissions: id-token: write`; ' +
      'elsewhere, set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE.',
  }
}
