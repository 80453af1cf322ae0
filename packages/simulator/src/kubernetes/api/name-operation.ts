import type { SimulatedRequest } from '../../core/serve.ts'
import { readPath } from './read-path.ts'

const verbs: Readonly<Record<string, string>> = { GET: 'get', POST: 'create', PUT: 'replace', PATCH: 'patch', DELETE: 'delete' }

export const isWatch = (parameters: URLSearchParams): boolean => ['1', 'true'].includes(parameters.get('watch') ?? '')
export const isDryRun = (parameters: URLSearchParams): boolean => parameters.getAll('dryRun').includes('All')

/**
 * A request's name in the journal and for faults: `<verb> <Kind> [<namespace>/]<name>`, verbs as kubectl has them.
 *
 * - `apply Deployment default/vllm` (server-side apply; with ` (dry run)` at its end where it is one), `patch`, `create`, `replace`, `delete`, `get`
 * - `list Pod` and `watch Pod`: without namespace and selector, which are among the parameters
 * - `get Scale default/vllm`, `patch Scale default/vllm`: the scale subresource; `log Pod default/vllm-x`: the log
 * - `discover /apis/apps/v1`, `get /version`
 */
export function nameOperation({ method, url, headers }: Pick<SimulatedRequest, 'method' | 'url' | 'headers'>): string {
  const path = readPath(url.pathname)
  if (!path) return `${url.pathname.startsWith('/api') ? 'discover' : 'get'} ${url.pathname}`
  const { kind, namespace, name, subresource } = path
  if (name === undefined && method === 'GET') return `${isWatch(url.searchParams) ? 'watch' : 'list'} ${kind.kind}`
  const applies = method === 'PATCH' && headers['content-type']?.startsWith('application/apply-patch') === true
  const verb = subresource === 'log' ? 'log' : applies ? 'apply' : (verbs[method] ?? method)
  const object = [namespace, name].filter((part) => part !== undefined).join('/')
  return `${verb} ${subresource === 'scale' ? 'Scale' : kind.kind} ${object}${isDryRun(url.searchParams) ? ' (dry run)' : ''}`
}
