import type { Service, SimulatedRequest, Simulation } from '../core/serve.ts'
import { githubError } from './github-response.ts'
import { repositoryVariables } from './repository-variables.ts'
import { matchRoute, type Access, type Route } from './route.ts'

export interface GitHubOptions {
  /** The one repository there is: `owner/name`. */
  readonly repository: string
  readonly tokens: {
    /** Of a GitHub App or a person, with "Variables: write". */
    readonly withVariables: string
    /** As GITHUB_TOKEN is: it cannot have that permission. */
    readonly withoutVariables: string
  }
}

/** GitHub's REST API, as much of it as is called. Formats and statuses: https://docs.github.com/rest. */
export function createGitHub(
  simulation: Pick<Simulation, 'clock'>,
  { repository, tokens }: GitHubOptions,
): { service: Service; variables(): Readonly<Record<string, string>> } {
  const variables = repositoryVariables(() => simulation.clock.now())
  const routes: readonly Route[] = [...variables.routes]

  const accessOf = (request: SimulatedRequest): Access | undefined => {
    const token = /^(?:bearer|token) (.+)$/i.exec(request.headers.authorization ?? '')?.[1]
    if (token === tokens.withVariables) return { variables: true }
    return token === tokens.withoutVariables ? { variables: false } : undefined
  }

  const service: Service = {
    name: 'github',
    operation(request) {
      const { route } = matchRoute(routes, request) ?? {}
      return `${request.method} ${route?.path ?? request.url.pathname}`
    },
    // The token is in a header, which the journal does not keep.
    parameters: ({ body }) => (body.length > 0 ? parseJson(body) : undefined),
    handle(request) {
      const access = accessOf(request)
      if (!access) return githubError(401, 'Bad credentials')
      const { route, parameters } = matchRoute(routes, request) ?? {}
      const asked = `${parameters?.['owner']}/${parameters?.['repo']}`.toLowerCase()
      if (!route || asked !== repository.toLowerCase()) return githubError(404, 'Not Found', route?.documentation)
      if (request.body.length > 0 && !parseJson(request.body)) return githubError(400, 'Problems parsing JSON', route.documentation)
      return route.handle(request, parameters ?? {}, access)
    },
    error: (status, _code, message) => githubError(status, message),
  }
  return { service, variables: () => variables.all() }
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}
