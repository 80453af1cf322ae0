import type { RegistryLogin, RegistryLogins } from '@prebake/snapshot'

/** An entry as a person writes it, or as `docker login` leaves it: `auth` is base64 of `name:password`. */
interface Entry {
  readonly username?: unknown
  readonly password?: unknown
  readonly auth?: unknown
}

/**
 * Reads credentials for registries: `{"ghcr.io": {"username": "…", "password": "…"}}`, or docker's `config.json` with its `auths`
 * (docs.docker.com/reference/cli/docker/login, "Credential stores").
 * @returns the logins, by registry as image references name it; or what is wrong, without quoting the content
 */
export function parseRegistryCredentials(text: string): { readonly logins: RegistryLogins } | { readonly wrong: string } {
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch {
    // The parser's own message quotes the text.
    return { wrong: 'is not valid JSON.' }
  }
  if (!isRecord(content)) return { wrong: 'is not a JSON object.' }
  const entries = isRecord(content['auths']) ? content['auths'] : content
  const logins: Record<string, RegistryLogin> = {}
  for (const [key, entry] of Object.entries(entries)) {
    const registry = registryOf(key)
    const login = isRecord(entry) ? loginOf(entry) : undefined
    // Not the key itself: it may be a misplaced password.
    if (registry === undefined) return { wrong: 'has a key that is not the name of a registry.' }
    if (login === undefined) return { wrong: `has no username and password for ${registry}.` }
    if (login.username.includes(':')) return { wrong: `has a username with a colon for ${registry}.` }
    logins[registry] = login
  }
  return Object.keys(logins).length > 0 ? { logins } : { wrong: 'names no registry.' }
}

/** `https://index.docker.io/v1/`, as docker writes it, is `docker.io` in image references. */
function registryOf(key: string): string | undefined {
  const host = key
    .trim()
    .replace(/^https?:\/\//, '')
    .replace(/\/.*$/, '')
    .toLowerCase()
  if (['index.docker.io', 'registry-1.docker.io', 'docker.io'].includes(host)) return 'docker.io'
  return /^(localhost|\[[\da-f:]+\]|[a-z0-9-]+(\.[a-z0-9-]+)+)(:\d+)?$|^[a-z0-9-]+:\d+$/.test(host) ? host : undefined
}

function loginOf({ username, password, auth }: Entry): RegistryLogin | undefined {
  if (typeof username === 'string' && typeof password === 'string' && username !== '' && password !== '') return { username, password }
  if (typeof auth !== 'string') return undefined
  const pair = Buffer.from(auth, 'base64').toString('utf8')
  const colon = pair.indexOf(':')
  return colon > 0 && colon < pair.length - 1 ? { username: pair.slice(0, colon), password: pair.slice(colon + 1) } : undefined
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
