import type { IncomingHttpHeaders } from 'node:http'
import { documentLink, ServiceError } from '@prebake/kernel'
import type { ClusterErrorCode } from './error-codes.ts'

/** What the API server returns instead of an object (k8s.io/apimachinery, meta/v1 Status). */
interface Status {
  readonly kind: 'Status'
  readonly message?: string
  readonly reason?: string
  readonly code?: number
  readonly details?: { readonly causes?: readonly { readonly reason?: string; readonly message?: string; readonly field?: string }[] }
}

/**
 * A document that does not match the schema of its kind: an unknown field, a string for a number. An apply fails on it before strict validation, and
 * the API server (1.36) then says 500 although the document is at fault.
 */
const unfit = /^failed to create typed patch object/

/**
 * The error for an unsuccessful response, with the server's own message.
 * @param text the body: a Status, or the text of a proxy or load balancer
 */
export function refusal(operation: string, received: number, headers: IncomingHttpHeaders, text: string): ServiceError {
  const said = statusOf(text)
  const misfit = received === 500 && unfit.test(said?.message ?? '')
  const status = misfit ? 422 : received
  const code = misfit ? 'Invalid' : said?.reason || `HTTP ${status}`
  const message = said?.message || text.trim().split('\n')[0]?.slice(0, 300) || 'the server gave no reason'
  const requestId = [headers['audit-id']].flat()[0]
  const hint = hintFor(status, said, message)
  const errorCode = codeFor(status)
  return new ServiceError(
    { operation, code, message, status, requestId },
    { code: errorCode, transient: status === 429 || status >= 500, ...(hint !== undefined && { hint }) },
  )
}

/** The seconds that Retry-After asks to wait (RFC 9110: seconds or a date); undefined without the header. */
export function retryAfterSeconds(headers: IncomingHttpHeaders, now: Date): number | undefined {
  const asked = headers['retry-after']
  if (asked === undefined) return undefined
  if (/^\d+$/.test(asked)) return Number(asked)
  const until = Date.parse(asked)
  return Number.isNaN(until) ? undefined : Math.max(0, (until - now.getTime()) / 1000)
}

function statusOf(text: string): Status | undefined {
  try {
    const body = JSON.parse(text) as Partial<Status> | null
    return body?.kind === 'Status' ? (body as Status) : undefined
  } catch {
    return undefined
  }
}

/** A 404 without a Status comes from something other than an API server, but the code is the same. */
function codeFor(status: number): ClusterErrorCode {
  if (status === 400 || status === 422) return 'object-invalid'
  if (status === 401) return 'cluster-login-refused'
  if (status === 403) return 'cluster-permission-missing'
  if (status === 404) return 'object-not-found'
  if (status === 409) return 'object-conflict'
  return status === 429 || status >= 500 ? 'cluster-unavailable' : 'cluster-request-failed'
}

function hintFor(status: number, said: Status | undefined, message: string): string | undefined {
  if (status === 401) {
    return (
      'The cluster does not accept these credentials. If the token or certificate has expired, renew it; ' +
      `on EKS, give the IAM role of this job an access entry (\`aws eks create-access-entry\`; see ${documentLink('deploy/infra/README.md')}).`
    )
  }
  if (status === 403) return roleHint(message)
  if (status === 404 && !said) return 'This is not the response of a Kubernetes API server. Check the server in the kubeconfig.'
  if (status === 404 && /^namespaces? /.test(message)) return 'Create the namespace first, or apply it with the other manifests.'
  if (status === 409) return conflictHint(said)
  if (status === 400 || status === 422) return 'Correct the fields that the server names. Nothing was changed.'
  if (status === 429 || status >= 500) return 'The API server is failing or overloaded. Run again later.'
  return undefined
}

/** An RBAC refusal (k8s.io/apiserver, responsewriters.forbiddenMessage); admission also says 403, with other messages. */
function roleHint(message: string): string | undefined {
  const found = /cannot (\S+) resource "([^"]+)"(?: in API group "([^"]*)")?(?: in the namespace "([^"]+)")?/.exec(message)
  if (!found) return undefined
  const [, verb, resource, group, namespace] = found
  const where = namespace ? `in the namespace ${namespace}` : 'in the whole cluster'
  return `Give this user a role with the verb \`${verb}\` on \`${group ? `${resource}.${group}` : resource}\` ${where}.`
}

/** The causes of a refused apply (k8s.io/apimachinery, managedfields.NewConflictError): `conflict with "kubectl" using apps/v1`, and the field. */
function conflictHint(said: Status | undefined): string {
  const owned = (said?.details?.causes ?? []).flatMap(({ reason, field, message = '' }) =>
    reason === 'FieldManagerConflict' ? [`${field ?? 'a field'}: ${/^conflict with "([^"]+)"/.exec(message)?.[1] ?? message}`] : [],
  )
  if (owned.length === 0) return 'Another client changed it at the same time. Run again.'
  return `These fields have another owner: ${owned.join(', ')}. Remove them from the manifest, or take them over with \`force-conflicts\`.`
}
