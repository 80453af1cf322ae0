import type { Problem } from '@prebake/kernel'

/** The region that was given, else AWS_REGION or AWS_DEFAULT_REGION of `env`, else an empty text. */
export function regionOf(given: string | undefined, env: NodeJS.ProcessEnv): string {
  return given || env['AWS_REGION'] || env['AWS_DEFAULT_REGION'] || ''
}

export function regionProblems(region: string): Problem[] {
  if (/^[a-z]{2,}(-[a-z]+)+-\d+$/.test(region)) return []
  const remedy = 'Give a region such as eu-west-1 (the action configure-aws-credentials exports AWS_REGION).'
  return [{ input: 'aws-region', wrong: region === '' ? 'is missing.' : `"${region}" is not the name of a region.`, remedy }]
}

export function credentialsProblem(error: unknown): Problem {
  const words = error instanceof Error ? error.message : String(error)
  return {
    input: 'AWS credentials',
    wrong: `none could be used (${words.replace(/\.$/, '')}).`,
    remedy:
      'In a workflow, run aws-actions/configure-aws-credentials before this step, in a job with `permissions: id-token: write`; ' +
      'elsewhere set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE.',
  }
}
