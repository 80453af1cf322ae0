import type { SimulatedRequest } from '../../core/serve.ts'
import { groupVersionOf, type Kind, kinds } from '../kinds.ts'

/** What a request's path stands for. */
export interface ResourcePath {
  readonly kind: Kind
  readonly namespace?: string
  /** Left out: the whole collection. */
  readonly name?: string
  readonly subresource?: string
}

/** Takes `/apis/apps/v1/namespaces/default/deployments/vllm/scale` apart; undefined for what is no resource. */
export function readPath(pathname: string, among = kinds): ResourcePath | undefined {
  const parts = pathname.split('/').slice(1).map(decodeURIComponent)
  const [groupVersion, rest] =
    parts[0] === 'api' ? [parts[1], parts.slice(2)] : parts[0] === 'apis' ? [`${parts[1]}/${parts[2]}`, parts.slice(3)] : []
  if (groupVersion === undefined || rest === undefined) return undefined
  const find = (plural: string | undefined) => among.find((kind) => kind.plural === plural && groupVersionOf(kind) === groupVersion)

  // A namespace itself has the same path as the beginning of what is in it.
  const scoped = rest[0] === 'namespaces' && rest.length > 2 && find(rest[2]) !== undefined
  const [plural, name, subresource, ...more] = scoped ? rest.slice(2) : rest
  const kind = find(plural)
  if (!kind || more.length > 0 || (scoped && !kind.namespaced)) return undefined
  // One object of a namespaced kind is only ever addressed within its namespace.
  if (kind.namespaced && !scoped && name !== undefined) return undefined
  if (subresource !== undefined && !kind.subresources.some((known) => known === subresource)) return undefined
  return {
    kind,
    ...(scoped && rest[1] !== undefined && { namespace: rest[1] }),
    ...(name !== undefined && name !== '' && { name }),
    ...(subresource !== undefined && { subresource }),
  }
}

const verbs: Readonly<Record<string, string>> = { GET: 'get', PATCH: 'patch', DELETE: 'delete' }

export const isWatch = (parameters: URLSearchParams): boolean => ['1', 'true'].includes(parameters.get('watch') ?? '')
export const isDryRun = (parameters: URLSearchParams): boolean => parameters.getAll('dryRun').includes('All')

/**
 * A request's name in the journal and for faults: `<verb> <Kind> [<namespace>/]<name>`, verbs as kubectl has them.
 *
 * - `apply Deployment default/vllm` (server-side apply; with ` (dry run)` at its end where it is one), `patch`, `delete`, `get`
 * - `list Pod` and `watch Pod`: without namespace and selector, which are among the parameters
 * - `get Scale default/vllm`, `patch Scale default/vllm`: the scale subresource; `log Pod default/vllm-x`: the log; `portforward Pod default/vllm-x`
 * - `discover /apis/apps/v1`, `get /version`
 */
export function nameOperation({ method, url, headers }: Pick<SimulatedRequest, 'method' | 'url' | 'headers'>): string {
  const path = readPath(url.pathname)
  if (!path) return `${url.pathname.startsWith('/api') ? 'discover' : 'get'} ${url.pathname}`
  const { kind, namespace, name, subresource } = path
  if (name === undefined && method === 'GET') return `${isWatch(url.searchParams) ? 'watch' : 'list'} ${kind.kind}`
  const applies = method === 'PATCH' && headers['content-type']?.startsWith('application/apply-patch') === true
  const verb = subresource === 'log' || subresource === 'portforward' ? subresource : applies ? 'apply' : (verbs[method] ?? method)
  const object = [namespace, name].filter((part) => part !== undefined).join('/')
  return `${verb} ${subresource === 'scale' ? 'Scale' : kind.kind} ${object}${isDryRun(url.searchParams) ? ' (dry run)' : ''}`
}
