import { ServiceError } from '@prebake/kernel'
import type { AwsErrorCode } from './error-codes.ts'
import { missingPermission } from './missing-permission.ts'

/** The fields of the SDK's exceptions and Node's network errors; any may be missing. */
interface Thrown {
  readonly name?: string
  readonly message?: string
  readonly code?: unknown
  readonly errors?: readonly Thrown[]
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string }
  /** Only on errors that the service itself reports. */
  readonly $fault?: string
  readonly $response?: { readonly statusCode?: number }
}

const throttled = /^(RequestLimitExceeded|Throttling|ThrottlingException|TooManyRequestsException|SnapshotCreationPerVolumeRateExceeded)$/

interface Advice {
  /** AWS's codes, or Node's. */
  readonly codes: RegExp
  readonly errorCode: AwsErrorCode
  readonly hint: string
}

const advice: readonly Advice[] = [
  {
    codes: /^(ExpiredToken|ExpiredTokenException|RequestExpired)$/,
    errorCode: 'aws-credentials-expired',
    hint: 'Raise `role-duration-seconds` of configure-aws-credentials, so that the credentials last for the whole run.',
  },
  {
    codes: /^(AuthFailure|InvalidClientTokenId|UnrecognizedClientException|SignatureDoesNotMatch|InvalidSignatureException)$/,
    errorCode: 'aws-credentials-refused',
    hint: 'Check the role or the keys, and the clock of this machine.',
  },
  {
    codes: /^OptInRequired$/,
    errorCode: 'aws-region-disabled',
    hint: 'Enable this region (or EC2) for the account, or choose another `aws-region`.',
  },
  {
    codes: /^(VcpuLimitExceeded|InstanceLimitExceeded)$/,
    errorCode: 'aws-quota-exceeded',
    hint: 'Request a higher quota (Service Quotas, "Running On-Demand Standard instances"), or choose a smaller `instance-type`.',
  },
  {
    codes: /^(VolumeLimitExceeded|MaxIOPSLimitExceeded)$/,
    errorCode: 'aws-quota-exceeded',
    hint: 'Request a higher quota (Service Quotas, EBS, "Storage for General Purpose SSD (gp3) volumes"), delete unused volumes, or choose a smaller `volume-size`.',
  },
  {
    codes: /^(InsufficientInstanceCapacity|InsufficientVolumeCapacity|InsufficientHostCapacity|Unsupported)$/,
    errorCode: 'aws-capacity-missing',
    hint: 'Choose a subnet in another zone (`subnet-id`) or another `instance-type`, or run again later.',
  },
  {
    codes: /^(SnapshotLimitExceeded|ConcurrentSnapshotLimitExceeded|PendingSnapshotLimitExceeded)$/,
    errorCode: 'aws-quota-exceeded',
    hint: 'Delete unused snapshots (`aws ec2 describe-snapshots --owner-ids self --filters Name=tag-key,Values=prebake:run` lists those of prebake), wait for pending ones to complete, or request a higher quota.',
  },
  { codes: throttled, errorCode: 'aws-throttled', hint: 'AWS limits the request rate of this account. Run again in a few minutes.' },
  {
    codes: /^UnreadableAnswer$/,
    errorCode: 'aws-response-unreadable',
    hint: 'Something other than AWS may have answered: check AWS_ENDPOINT_URL and the proxy.',
  },
  {
    codes: /^(InternalError|InternalFailure|InternalServerError|ServiceUnavailable|ServiceUnavailableException|Unavailable)$/,
    errorCode: 'aws-unavailable',
    hint: 'AWS has a fault (https://health.aws.amazon.com/health/status). Run again in a few minutes.',
  },
  {
    codes: /^(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|EPIPE|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|TimeoutError)$/,
    errorCode: 'aws-not-reached',
    hint: 'Check `aws-region`, and that this machine can reach AWS (network, HTTPS_PROXY).',
  },
]

/**
 * Turns an error of the SDK into ours, with AWS's own message and request ID, and with a hint if one is known.
 * @param action the IAM action that allows the call: `ec2:RunInstances`
 */
export function toServiceError(action: string, thrown: unknown): ServiceError {
  if (thrown instanceof ServiceError) return thrown
  const error: Thrown = typeof thrown === 'object' && thrown !== null ? thrown : { message: String(thrown) }
  // Node reports several refused addresses as one error without a message.
  const given = error.message || error.errors?.[0]?.message || 'no reason was given'
  const message = given
    // Advice of the SDK for its developers, on further lines.
    .replace(/\n\s*Deserialization error.*/s, '')
    // A kilobyte that only `sts:DecodeAuthorizationMessage` can read.
    .replace(/\s*Encoded authorization failure message: \S+/, '')
  const details = {
    operation: action.slice(action.indexOf(':') + 1),
    code: codeOf(error),
    message,
    status: error.$metadata?.httpStatusCode ?? error.$response?.statusCode,
    requestId: error.$metadata?.requestId,
  }
  return new ServiceError(details, { cause: thrown, transient: isTransient(details), ...adviceFor(details.code, message, action) })
}

/** There was no readable response, or a server error, or throttling. Any other refusal is final. */
function isTransient({ status, code }: { readonly status: number | undefined; readonly code: string }): boolean {
  return status === undefined || status < 300 || status >= 500 || throttled.test(code)
}

function codeOf(error: Thrown): string {
  // The parser's own error, with the response that it could not read.
  if (error.$response && !error.$fault) return 'UnreadableAnswer'
  // Node's name for a network error is just "Error"; the SDK's exceptions have the service's code as their name.
  return typeof error.code === 'string' ? error.code : error.name || 'UnknownError'
}

/** The services' codes for a call that no policy allows, or that one denies. */
export const isDenied = (code: string): boolean => /^(UnauthorizedOperation|AccessDenied|AccessDeniedException)$/.test(code)

function adviceFor(code: string, message: string, action: string): { readonly code: AwsErrorCode; readonly hint?: string } {
  if (isDenied(code)) return { code: 'aws-access-denied', hint: missingPermission(action, message) }
  const found = advice.find(({ codes }) => codes.test(code))
  return found === undefined ? { code: 'aws-request-failed' } : { code: found.errorCode, hint: found.hint }
}
