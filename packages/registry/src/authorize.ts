import { reliableGet, type GetOptions, type Reply } from '@prebake/http'
import type { RegistryLogin } from '@prebake/snapshot'
import { isLoopback } from './registry-address.ts'

/**
 * The Authorization header that a registry's challenge asks for (distribution's specification, "Token authentication"): a token that is fetched with the
 * login, or without one for what is public; or the login itself.
 * @param refused the answer with status 401 and its challenge
 * @returns undefined where none can be had: the login was refused, or is missing
 */
export async function authorize(refused: Reply, login: RegistryLogin | undefined, options: GetOptions): Promise<string | undefined> {
  const challenge = refused.headers.get('www-authenticate') ?? ''
  const basic = login && `Basic ${Buffer.from(`${login.username}:${login.password}`).toString('base64')}`
  if (/^basic /i.test(challenge)) return basic
  if (!/^bearer /i.test(challenge)) return undefined
  const fields = Object.fromEntries([...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]))
  const realm = URL.parse(fields['realm'] ?? '')
  if (!realm || (realm.protocol !== 'https:' && !isLoopback(realm.hostname))) return undefined
  for (const name of ['service', 'scope']) if (fields[name] !== undefined) realm.searchParams.set(name, fields[name])
  const reply = await reliableGet(realm, { Accept: 'application/json', ...(basic && { Authorization: basic }) }, options)
  if (reply.status !== 200) return undefined
  const { token, access_token: other } = JSON.parse(new TextDecoder().decode(reply.body)) as { token?: string; access_token?: string }
  return `Bearer ${token ?? other}`
}
