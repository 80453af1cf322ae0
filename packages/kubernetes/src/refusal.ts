import type { IncomingHttpHeaders } from 'node:http'
import { documentLink, ServiceError } from '@prebake/kernel'

/** What the API server answers instead of an object (k8s.io/apimachinery, meta/v1 Status). */
interface Status {
  readonly kind: 'Status'
  readonly message?: string
  readonly reason?: string
  readonly code?: number
  readonly details?: { readonly causes?: readonly { readonly reason?: string; readonly message?: string; readonly field?: string }[] }
}

/**
 * A document that does not fit the schema of its kind: a field that is not there, a text for a number. An apply meets it before strict validation does,
 * and the API server (1.36) then says 500 to what is the document's fault.
 */
const unfit = /^failed to create typed patch object/

/**
 * The error for an answer that is not a success, in the server's own words.
 * @param text the answer's body: a Status, or whatever stands between runner and server says
 */
export function refusal(operation: string, answered: number, headers: IncomingHttpHeaders, text: string): ServiceError {
  const said = statusOf(text)
  const misfit = answered === 500 && unfit.test(said?.message ?? '')
  const status = misfit ? 422 : answered
  const code = misfit ? 'Invalid' : said?.reason || `HTTP ${status}`
  const message = said?.message || text.trim().split('\n')[0]?.slice(0, 300) || 'the server gave no reason'
  const requestId = [headers['audit-id']].flat()[0]
  const hint = hintFor(status, said, message)
  return new ServiceError(
    { operation, code, message, status, requestId },
    { transient: status === 429 || status >= 500, ...(hint !== undefined && { hint }) },
  )
}

/** Seconds until another try, as Retry-After asks (RFC 9110: seconds or a date); undefined where it does not. */
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

function hintFor(status: number, said: Status | undefined, message: string): string | undefined {
  if (status === 401) {
    return (
      'The cluster does not accept these credentials. If the token or certificate has expired, renew it; ' +
      `on EKS, give the IAM role of this job an access entry (\`aws eks create-access-entry\`; ${documentLink('deploy/infra/README.md')} says how).`
    )
  }
  if (status === 403) return roleHint(message)
  if (status === 404 && !said) return 'This is not an answer of a Kubernetes API server. Check the server in the kubeconfig.'
  if (status === 404 && /^namespaces? /.test(message)) return 'Create the namespace first, or apply it with the other manifests.'
  if (status === 409) return conflictHint(said)
  if (status === 400 || status === 422) return 'Correct what the server names. Nothing was changed.'
  if (status === 429 || status >= 500) return 'The cluster has a problem of its own. Run again later.'
  return undefined
}

/** The words of an RBAC refusal (k8s.io/apiserver, responsewriters.forbiddenMessage); admission says 403 in other words. */
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
  if (owned.length === 0) return 'Someone else changed it at the same time. Run again.'
  return `These fields have another owner: ${owned.join(', ')}. Leave them out of the manifest, or take them over by force.`
}
