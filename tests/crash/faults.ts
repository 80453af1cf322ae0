import type { FaultEffect } from '@prebake/simulator'

/** A failure of AWS as a whole request meets it. */
export type Failure =
  'throttling' | '500' | '503' | 'denied' | 'reset' | 'reset, after it took effect' | 'hang' | 'hang, after it took effect'

const ssmOperations = new Set(['GetParameter', 'DescribeInstanceInformation', 'SendCommand', 'GetCommandInvocation'])
const caller = 'arn:aws:sts::123456789012:assumed-role/prebake-build/simulation'

/** IAM asks for the same, and a message names the same. */
const withoutDryRun = (operation: string) => operation.replace(' (dry run)', '')

interface Words {
  readonly status: number
  readonly code: string
  readonly message: string
}

/** The services' own words: EC2 API reference, "Error codes"; SSM API reference, "Common errors". */
function wordsOf(failure: 'throttling' | '500' | '503' | 'denied', operation: string): Words {
  const ssm = ssmOperations.has(operation)
  switch (failure) {
    case 'throttling':
      return ssm
        ? { status: 400, code: 'ThrottlingException', message: 'Rate exceeded' }
        : { status: 503, code: 'RequestLimitExceeded', message: 'Request limit exceeded.' }
    case '500':
      return ssm
        ? { status: 500, code: 'InternalServerError', message: 'An error occurred on the server side.' }
        : { status: 500, code: 'InternalError', message: 'An internal error has occurred' }
    case '503':
      return ssm
        ? { status: 503, code: 'ServiceUnavailable', message: 'The request has failed due to a temporary failure of the server.' }
        : { status: 503, code: 'Unavailable', message: 'The server is overloaded and can’t handle the request.' }
    case 'denied': {
      const action = `${ssm ? 'ssm' : 'ec2'}:${withoutDryRun(operation)}`
      const because = `User: ${caller} is not authorized to perform: ${action} because no identity-based policy allows the ${action} action`
      return ssm
        ? { status: 400, code: 'AccessDeniedException', message: because }
        : { status: 403, code: 'UnauthorizedOperation', message: `You are not authorized to perform this operation. ${because}.` }
    }
  }
}

/** What the API server says (k8s.io/apimachinery, pkg/api/errors). */
function kubernetesWords(failure: 'throttling' | '500' | '503' | 'denied', operation: string): Words {
  switch (failure) {
    case 'throttling':
      return { status: 429, code: 'TooManyRequests', message: 'too many requests, please try again later' }
    case '500':
      return { status: 500, code: 'InternalError', message: 'Internal error occurred: etcdserver: leader changed' }
    case '503':
      return { status: 503, code: 'ServiceUnavailable', message: 'apiserver is shutting down' }
    case 'denied':
      return { status: 403, code: 'Forbidden', message: `User "prebake" is not allowed to ${operation}` }
  }
}

export function failureOf(failure: Failure, operation: string, server = 'aws'): FaultEffect {
  switch (failure) {
    case 'reset':
    case 'hang':
      return { kind: failure }
    case 'reset, after it took effect':
      return { kind: 'reset', after: true }
    case 'hang, after it took effect':
      return { kind: 'hang', after: true }
    case 'throttling':
    case '500':
    case '503':
    case 'denied':
      return { kind: 'error', ...(server === 'kubernetes' ? kubernetesWords : wordsOf)(failure, operation) }
  }
}

/** What a build that ends by this failure must say. */
export function wordsFor(failure: '500' | 'denied', operation: string): readonly (string | RegExp)[] {
  const { code, message } = wordsOf(failure, operation)
  const remedy = failure === 'denied' ? '"Effect":"Allow"' : 'aws-unavailable'
  return [withoutDryRun(operation), code, message, /\(request [0-9a-f-]{36}\)/, remedy]
}
