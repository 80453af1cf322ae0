import { jsonOf, request, reasonOf, type Reply, type RequestOptions } from '@prebake/http'
import { ServiceError } from '@prebake/kernel'
import type { RegistryLogin } from '@prebake/snapshot'
import type { RegistryErrorCode } from './error-codes.ts'
import { readChallenges, type Challenge } from './read-challenges.ts'

export interface Asked {
  /** The login for the server that refused. */
  readonly login: RegistryLogin | undefined
  /** The repository's name on that server. */
  readonly repository: string
}

/**
 * The Authorization header that a registry's challenges ask for (distribution's specification, "Token authentication"): a token, fetched with the login or
 * anonymously for public images, or the login itself. If the registry offers both, the token is preferred, as in containerd.
 * @param refused the response with status 401 and its challenges
 * @returns undefined if the login is refused or missing
 * @throws ServiceError if the token server's address is malformed or its response is unusable
 */
export async function authorize(refused: Reply, { login, repository }: Asked, options: RequestOptions): Promise<string | undefined> {
  const challenges = readChallenges(refused.headers.get('www-authenticate') ?? '')
  const basic = login && `Basic ${Buffer.from(`${login.username}:${login.password}`).toString('base64')}`
  const bearer = challenges.find(({ scheme, parameters }) => scheme === 'bearer' && parameters['realm'])
  if (bearer) return fetchToken(tokenAddress(bearer, refused, repository, options), refused.url, basic, options)
  return challenges.some(({ scheme }) => scheme === 'basic') ? basic : undefined
}

const noToken = 'registry-token-missing' satisfies RegistryErrorCode

function tokenAddress({ parameters }: Challenge, { url }: Reply, repository: string, { operation }: RequestOptions): URL {
  const { realm = '', service, scope = '' } = parameters
  const address = URL.parse(realm, url.href)
  if (address === null) {
    const message = `${url.host} asks for a token but does not say where it is issued.`
    const hint = `Report this to the operator of ${url.host}.`
    throw new ServiceError({ operation, code: 'BadChallenge', message, status: 401 }, { code: noToken, hint })
  }
  if (service) address.searchParams.set('service', service)
  // Some registries name no scope, but a token without a scope is useless.
  const scopes = new Set([`repository:${repository}:pull`, ...scope.split(' ').filter(Boolean)])
  for (const one of scopes) address.searchParams.append('scope', one)
  return address
}

async function fetchToken(address: URL, from: URL, basic: string | undefined, options: RequestOptions): Promise<string | undefined> {
  const { operation } = options
  const authorization = (origin: string) => (origin === address.origin ? basic : undefined)
  const reply = await request(address, { ...options, from, authorization, headers: { accept: 'application/json' }, mostBytes: 2 ** 20 })
  if ([400, 401, 403].includes(reply.status)) return undefined
  if (reply.status !== 200) {
    const message = `${reply.url.host} issued no token: ${reasonOf(reply)}`
    const hint = 'Check the address and the login of the registry, then run again.'
    throw new ServiceError({ operation, code: `HTTP ${reply.status}`, message, status: reply.status }, { code: noToken, hint })
  }
  const { token, access_token: other } = (jsonOf(reply, operation) ?? {}) as { token?: unknown; access_token?: unknown }
  const given = [token, other].find((one): one is string => typeof one === 'string' && /^[\x21-\x7e]+$/.test(one))
  if (given !== undefined) return `Bearer ${given}`
  throw new ServiceError(
    { operation, code: 'NoToken', message: `${reply.url.host} sent a response without a token.` },
    { code: noToken, hint: 'Run again later.' },
  )
}
