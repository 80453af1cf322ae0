import type { SimulatedResponse } from '../../core/serve.ts'
import { groupVersionOf, type Kind } from '../kinds.ts'
import type { Path } from './managed-fields.ts'

export const jsonResponse = (status: number, body: unknown): SimulatedResponse => ({
  status,
  headers: { 'content-type': 'application/json', 'cache-control': 'no-cache, private' },
  body: JSON.stringify(body),
})

/** The API's error object, meta/v1 `Status`. */
export const failure = (code: number, reason: string, message: string, details?: object): object => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Failure',
  message,
  reason,
  ...(details && { details }),
  code,
})

/** An answer that is an error; what handles a request may throw it. */
export class StatusError extends Error {
  readonly code: number
  readonly body: object

  constructor(code: number, reason: string, message: string, details?: object) {
    super(message)
    this.name = 'StatusError'
    this.code = code
    this.body = failure(code, reason, message, details)
  }
}

/** `deployments.apps`, as messages name a kind. */
export const resourceOf = ({ plural, group }: Kind): string => (group === '' ? plural : `${plural}.${group}`)

const detailsOf = (kind: Kind, name: string) => ({ name, ...(kind.group !== '' && { group: kind.group }), kind: kind.plural })

export const unauthorized = () => new StatusError(401, 'Unauthorized', 'Unauthorized')
export const badRequest = (message: string) => new StatusError(400, 'BadRequest', message)
export const notFound = (kind: Kind, name: string) =>
  new StatusError(404, 'NotFound', `${resourceOf(kind)} "${name}" not found`, detailsOf(kind, name))
export const noSuchResource = () => new StatusError(404, 'NotFound', 'the server could not find the requested resource', {})
export const methodNotAllowed = () =>
  new StatusError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {})
export const unsupportedMediaType = (accepted: readonly string[]) =>
  new StatusError(
    415,
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
    {},
  )
export const conflict = (kind: Kind, name: string) =>
  new StatusError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${resourceOf(kind)} "${name}": the object has been modified; please apply your changes to the latest version and try again`,
    detailsOf(kind, name),
  )

/** An apply that would take fields of others (k8s.io/apimachinery, managedfields.NewConflictError). */
export function applyConflict(
  owners: readonly {
    readonly manager: string
    readonly apiVersion: string
    readonly subresource?: string
    readonly paths: readonly Path[]
  }[],
): StatusError {
  const title = ({ manager, subresource, apiVersion }: (typeof owners)[number]) =>
    `"${manager}"${subresource === undefined ? '' : ` with subresource "${subresource}"`} using ${apiVersion}`
  const field = (path: Path) => `.${path.join('.')}`
  const causes = owners.flatMap((owner) =>
    owner.paths.map((path) => ({ reason: 'FieldManagerConflict', message: `conflict with ${title(owner)}`, field: field(path) })),
  )
  const conflicts = owners.map((owner) =>
    owner.paths.length === 1
      ? `conflict with ${title(owner)}: ${owner.paths.map(field).join()}`
      : [`conflicts with ${title(owner)}:`, ...owner.paths.map((path) => `- ${field(path)}`)].join('\n'),
  )
  const count = `${causes.length} ${causes.length === 1 ? 'conflict' : 'conflicts'}`
  return new StatusError(409, 'Conflict', `Apply failed with ${count}: ${conflicts.join('\n')}`, { causes })
}

export const invalid = (kind: Kind, name: string, field: string, problem: string) =>
  new StatusError(422, 'Invalid', `${kind.kind}${kind.group === '' ? '' : `.${kind.group}`} "${name}" is invalid: ${field}: ${problem}`, {
    ...detailsOf(kind, name),
    kind: kind.kind,
    causes: [{ reason: problem === 'Required value' ? 'FieldValueRequired' : 'FieldValueInvalid', message: problem, field }],
  })
export const expired = (asked: number, oldest: number) => failure(410, 'Expired', `too old resource version: ${asked} (${oldest})`)

/** The answer to a deletion that is done. */
export const success = (kind: Kind, { name, uid }: { name: string; uid: string }): object => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Success',
  details: { ...detailsOf(kind, name), uid },
})

export const listKindOf = (kind: Kind): { kind: string; apiVersion: string } => ({
  kind: `${kind.kind}List`,
  apiVersion: groupVersionOf(kind),
})
