import { ServiceError } from '@prebake/kernel'
import { missingPermission } from './missing-permission.ts'

/** What the SDK's exceptions and Node's network errors carry; everything may be missing. */
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

const hints: readonly { readonly codes: RegExp; readonly hint: string }[] = [
  {
    codes: /^(ExpiredToken|ExpiredTokenException|RequestExpired)$/,
    hint: 'The credentials ran out before the work was done: raise `role-duration-seconds` of configure-aws-credentials.',
  },
  {
    codes: /^(AuthFailure|InvalidClientTokenId|UnrecognizedClientException|SignatureDoesNotMatch|InvalidSignatureException)$/,
    hint: 'AWS does not accept these credentials: check the role or the keys, and that this machine’s clock is right.',
  },
  { codes: /^OptInRequired$/, hint: 'Enable this region (or EC2) for the account, or choose another `aws-region`.' },
  {
    codes: /^(VcpuLimitExceeded|InstanceLimitExceeded)$/,
    hint: 'Ask for a higher quota (Service Quotas, "Running On-Demand Standard instances"), or choose a smaller `instance-type`.',
  },
  {
    codes: /^(VolumeLimitExceeded|MaxIOPSLimitExceeded)$/,
    hint: 'Ask for a higher quota (Service Quotas, EBS, "Storage for General Purpose SSD (gp3) volumes"), delete volumes that are not needed, or choose a smaller `volume-size`.',
  },
  {
    codes: /^(InsufficientInstanceCapacity|InsufficientVolumeCapacity|InsufficientHostCapacity|Unsupported)$/,
    hint: 'Choose a subnet in another zone (`subnet-id`) or another `instance-type`, or run it again later.',
  },
  {
    codes: /^(SnapshotLimitExceeded|ConcurrentSnapshotLimitExceeded|PendingSnapshotLimitExceeded)$/,
    hint: 'Delete snapshots that are not needed (`aws ec2 describe-snapshots --owner-ids self --filters Name=tag-key,Values=prebake:run` lists those of prebake), wait for pending ones to complete, or ask for a higher quota.',
  },
  {
    codes: throttled,
    hint: 'AWS limits how often this account may ask: run it again in a few minutes.',
  },
  {
    codes: /^UnreadableAnswer$/,
    hint: 'Something other than AWS may have answered: check AWS_ENDPOINT_URL and the proxy.',
  },
  {
    codes: /^(InternalError|InternalFailure|InternalServerError|ServiceUnavailable|ServiceUnavailableException|Unavailable)$/,
    hint: 'The fault is on the side of AWS (https://health.aws.amazon.com/health/status): run it again in a few minutes.',
  },
  {
    codes: /^(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|EPIPE|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|TimeoutError)$/,
    hint: 'Check `aws-region`, and that this machine reaches AWS (network, HTTPS_PROXY).',
  },
]

/**
 * Turns whatever the SDK threw into an error of ours, with AWS's own words, request ID and a hint where one is known.
 * @param action the IAM action that allows the call: `ec2:RunInstances`
 */
export function toServiceError(action: string, thrown: unknown): ServiceError {
  if (thrown instanceof ServiceError) return thrown
  const error: Thrown = typeof thrown === 'object' && thrown !== null ? thrown : { message: String(thrown) }
  // Node reports several refused addresses as one error without a message.
  const words = error.message || error.errors?.[0]?.message || 'no reason was given'
  const message = words
    // The SDK adds advice for its own developers on further lines.
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
  const hint = hintFor(details.code, message, action)
  return new ServiceError(details, { cause: thrown, transient: isTransient(details), ...(hint !== undefined && { hint }) })
}

/** No response came or it cannot be read, the service is at fault, or it limits the rate. Any other refusal is final. */
function isTransient({ status, code }: { readonly status: number | undefined; readonly code: string }): boolean {
  return status === undefined || status < 300 || status >= 500 || throttled.test(code)
}

function codeOf(error: Thrown): string {
  // The parser's own error, with the answer that it could not read.
  if (error.$response && !error.$fault) return 'UnreadableAnswer'
  // Node's name for a network error is just "Error"; the SDK's exceptions have the service's code as their name.
  return typeof error.code === 'string' ? error.code : error.name || 'UnknownError'
}

/** The codes by which the services say that no policy allows a call, or one forbids it. */
export const isDenied = (code: string): boolean => /^(UnauthorizedOperation|AccessDenied|AccessDeniedException)$/.test(code)

function hintFor(code: string, message: string, action: string): string | undefined {
  if (isDenied(code)) return missingPermission(action, message)
  return hints.find(({ codes }) => codes.test(code))?.hint
}
