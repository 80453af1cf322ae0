/** What a request is for. Paths and revisions are decoded. */
export type Route =
  | { readonly kind: 'model'; readonly model: string; readonly revision: string }
  | { readonly kind: 'tree'; readonly model: string; readonly revision: string; readonly folder: string }
  | { readonly kind: 'resolve'; readonly model: string; readonly revision: string; readonly path: string }
  | { readonly kind: 'cache'; readonly model: string; readonly revision: string; readonly path: string }
  | { readonly kind: 'cdn'; readonly sha256: string }
  | { readonly kind: 'none' }

const patterns = [
  ['model', /^\/api\/models\/([^/]+\/[^/]+)(?:\/revision\/([^/]+))?$/],
  ['tree', /^\/api\/models\/([^/]+\/[^/]+)\/tree\/([^/]+)(?:\/(.+))?$/],
  ['cache', /^\/api\/resolve-cache\/models\/([^/]+\/[^/]+)\/([^/]+)\/(.+)$/],
  ['cdn', /^\/cdn\/([0-9a-f]{64})$/],
  ['resolve', /^\/([^/]+\/[^/]+)\/resolve\/([^/]+)\/(.+)$/],
] as const

/** Finds the route of a path. Where no revision is named it is `main`. */
export function findRoute(pathname: string): Route {
  for (const [kind, pattern] of patterns) {
    const match = pattern.exec(pathname)
    if (!match) continue
    const [model = '', revision = 'main', rest = ''] = match.slice(1).map((part) => part && decodeURIComponent(part))
    if (kind === 'model') return { kind, model, revision }
    if (kind === 'tree') return { kind, model, revision, folder: rest }
    if (kind === 'cdn') return { kind, sha256: model }
    return { kind, model, revision, path: rest }
  }
  return { kind: 'none' }
}

/** The operation's name for the journal and for faults: `GET /api/models/…/tree`, `GET /…/resolve config.json`. */
export function nameOperation(method: string, route: Route, pathOfSha256: (sha256: string) => string | undefined): string {
  switch (route.kind) {
    case 'model':
      return `${method} /api/models/…`
    case 'tree':
      return `${method} /api/models/…/tree`
    case 'resolve':
      return `${method} /…/resolve ${route.path}`
    case 'cache':
      return `${method} /api/resolve-cache/… ${route.path}`
    case 'cdn':
      return `${method} /cdn/… ${pathOfSha256(route.sha256) ?? '(unknown)'}`
    case 'none':
      return `${method} (unknown)`
  }
}
