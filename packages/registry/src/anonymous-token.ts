import { isLoopback } from './registry-address.ts'
import { reliableGet, type GetOptions, type Reply } from '@prebake/http'

/**
 * The token that a registry gives to everyone for what is public (distribution's specification, "Token authentication").
 * @param refused the answer with status 401 and its challenge
 * @returns undefined where no token can be had without credentials
 */
export async function anonymousToken(refused: Reply, options: GetOptions): Promise<string | undefined> {
  const challenge = refused.headers.get('www-authenticate') ?? ''
  if (!/^bearer /i.test(challenge)) return undefined
  const fields = Object.fromEntries([...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]))
  const realm = URL.parse(fields['realm'] ?? '')
  if (!realm || (realm.protocol !== 'https:' && !isLoopback(realm.hostname))) return undefined
  for (const name of ['service', 'scope']) if (fields[name] !== undefined) realm.searchParams.set(name, fields[name])
  const reply = await reliableGet(realm, { Accept: 'application/json' }, options)
  if (reply.status !== 200) return undefined
  const { token, access_token: other } = JSON.parse(new TextDecoder().decode(reply.body)) as { token?: string; access_token?: string }
  return token ?? other
}
