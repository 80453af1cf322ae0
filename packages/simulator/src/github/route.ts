import type { SimulatedRequest, SimulatedResponse } from '../core/serve.ts'

/** Who a request comes from and what it may do, by its token. */
export interface Access {
  /** As the API gives it: with `[bot]` for an app. */
  readonly login: string
  /** "Variables: write". */
  readonly variables: boolean
  /** "Pull requests: write"; the repository is public, so that everybody may read comments. */
  readonly comments: boolean
}

/** One route of the API. */
export interface Route {
  readonly method: string
  /** With the parameters in braces: `/repos/{owner}/{repo}/actions/variables/{name}`. Method and path are the operation's name. */
  readonly path: string
  /** Where GitHub says more about it; its errors carry the address. */
  readonly documentation: string
  handle(request: SimulatedRequest, parameters: Readonly<Record<string, string>>, access: Access): SimulatedResponse
}

/** The route that a request takes, and its parameters; undefined where there is none. */
export function matchRoute(
  routes: readonly Route[],
  { method, url }: SimulatedRequest,
): { route: Route; parameters: Readonly<Record<string, string>> } | undefined {
  const given = url.pathname.split('/')
  for (const route of routes) {
    const shape = route.path.split('/')
    if (route.method !== method || shape.length !== given.length) continue
    const parameters: Record<string, string> = {}
    const fits = shape.every((part, index) => {
      const segment = given[index] ?? ''
      if (!part.startsWith('{')) return part === segment
      parameters[part.slice(1, -1)] = decodeURIComponent(segment)
      return segment !== ''
    })
    if (fits) return { route, parameters }
  }
  return undefined
}
