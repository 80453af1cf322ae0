import type { SimulatedRequest, SimulatedResponse } from '../core/serve.ts'
import { githubError, githubJson, type Route } from './route.ts'

interface Variable {
  readonly name: string
  readonly value: string
  readonly created_at: string
  readonly updated_at: string
}

const collection = '/repos/{owner}/{repo}/actions/variables'
const documentation = (anchor: string) => `https://docs.github.com/rest/actions/variables#${anchor}`

/** A repository's variables: https://docs.github.com/rest/actions/variables. Names are kept, compared and answered in upper case. */
export function repositoryVariables(now: () => Date): { routes: readonly Route[]; all(): Readonly<Record<string, string>> } {
  const variables = new Map<string, Variable>()
  const time = () => `${now().toISOString().slice(0, 19)}Z`

  const route = (
    method: string,
    path: string,
    anchor: string,
    answer: (request: SimulatedRequest, name: string) => SimulatedResponse,
  ): Route => ({
    method,
    path,
    documentation: documentation(anchor),
    handle(request, parameters, access) {
      if (!access.variables) return githubError(403, 'Resource not accessible by integration', documentation(anchor))
      return answer(request, (parameters['name'] ?? '').toUpperCase())
    },
  })

  const routes = [
    route('GET', collection, 'list-repository-variables', ({ url }) => {
      const size = Math.min(Number(url.searchParams.get('per_page') ?? 10), 30)
      const start = (Number(url.searchParams.get('page') ?? 1) - 1) * size
      const sorted = [...variables.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1))
      return githubJson(200, { total_count: sorted.length, variables: sorted.slice(start, start + size) })
    }),
    // Those that an organization shares; this one shares none.
    route('GET', '/repos/{owner}/{repo}/actions/organization-variables', 'list-repository-organization-variables', () =>
      githubJson(200, { total_count: 0, variables: [] }),
    ),
    route('GET', `${collection}/{name}`, 'get-a-repository-variable', (_request, name) => {
      const found = variables.get(name)
      return found ? githubJson(200, found) : githubError(404, 'Not Found', documentation('get-a-repository-variable'))
    }),
    route('POST', collection, 'create-a-repository-variable', (request) => {
      const { name, value } = fields(request)
      const anchor = documentation('create-a-repository-variable')
      const wrong = wrongName(name) ?? (value === undefined ? 'Invalid request.\n\n"value" wasn\'t supplied.' : undefined)
      if (name === undefined || value === undefined || wrong !== undefined) return githubError(422, wrong ?? '', anchor)
      if (variables.has(name)) return githubError(409, 'Already exists', anchor)
      variables.set(name, { name, value, created_at: time(), updated_at: time() })
      return githubJson(201, {})
    }),
    route('PATCH', `${collection}/{name}`, 'update-a-repository-variable', (request, name) => {
      const found = variables.get(name)
      if (!found) return githubError(404, 'Not Found', documentation('update-a-repository-variable'))
      const given = fields(request)
      const renamed = given.name ?? name
      variables.delete(name)
      variables.set(renamed, { ...found, name: renamed, value: given.value ?? found.value, updated_at: time() })
      return githubJson(204, undefined)
    }),
  ]
  return { routes, all: () => Object.fromEntries([...variables.values()].map(({ name, value }) => [name, value])) }
}

function fields({ body }: SimulatedRequest): { name: string | undefined; value: string | undefined } {
  const given = (body.length > 0 ? JSON.parse(body.toString('utf8')) : {}) as Record<string, unknown>
  return {
    name: typeof given['name'] === 'string' ? given['name'].toUpperCase() : undefined,
    value: typeof given['value'] === 'string' ? given['value'] : undefined,
  }
}

/** https://docs.github.com/actions/reference/workflows-and-actions/variables#naming-conventions-for-configuration-variables */
function wrongName(name: string | undefined): string | undefined {
  if (name === undefined) return 'Invalid request.\n\n"name" wasn\'t supplied.'
  if (!/^[A-Z_][A-Z0-9_]*$/.test(name) || name.startsWith('GITHUB_')) return 'Variable name is invalid'
  return undefined
}
