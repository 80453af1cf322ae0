import { isIPv4 } from 'node:net'
import { InputError } from '@prebake/kernel'
import type { HttpErrorCode } from './error-codes.ts'

/** The proxy variables as Node's agents read them. */
export interface ProxyEnvironment {
  readonly http_proxy: string | undefined
  readonly https_proxy: string | undefined
  readonly no_proxy: string | undefined
}

/** A proxy as errors name it. */
export interface Proxy {
  /** The variable that is set: `HTTPS_PROXY` or `https_proxy`. */
  readonly variable: string
  /** Without name and password. */
  readonly address: string
}

/**
 * HTTPS_PROXY (or HTTP_PROXY, for requests without TLS) and NO_PROXY, in upper or lower case, in the form that Node's agents understand. Node wants a scheme, commas, and a dot before each suffix;
 * curl and Go also accept `proxy:3128`, spaces, `example.com` for its subdomains, and CIDR blocks (everything.curl.dev, "Proxy environment variables";
 * golang.org/x/net/http/httpproxy).
 * @throws InputError that names a malformed variable, without quoting it
 */
export function proxyEnvironment(
  env: NodeJS.ProcessEnv,
  scheme: 'http' | 'https' = 'https',
): ProxyEnvironment & { readonly proxy: Proxy | undefined } {
  const lower = `${scheme}_proxy` as const
  const variable = env[lower] ? lower : lower.toUpperCase()
  const none = { http_proxy: undefined, https_proxy: undefined }
  const no_proxy = bypassList(env['no_proxy'] || env['NO_PROXY'] || '')
  const given = env[variable]?.trim()
  if (!given) return { ...none, no_proxy, proxy: undefined }
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(given) ? given : `http://${given}`
  const url = URL.parse(address)
  if (url === null || !/^https?:$/.test(url.protocol) || !isPercentEncoded(url.username + url.password)) {
    const remedy = 'Write `http://host:port` or `http://name:password@host:port`, special characters percent-encoded (`@` as `%40`).'
    const code = 'proxy-address-malformed' satisfies HttpErrorCode
    throw new InputError([{ code, input: variable, wrong: 'It is not the address of an HTTP proxy.', remedy }])
  }
  return { ...none, [lower]: address, no_proxy, proxy: { variable, address: url.origin } }
}

function isPercentEncoded(text: string): boolean {
  return !/%(?![0-9a-f]{2})/i.test(text)
}

function bypassList(text: string): string | undefined {
  const entries = text.split(/[\s,]+/).filter(Boolean)
  return entries.length === 0 ? undefined : entries.flatMap(bypass).join(',')
}

function bypass(entry: string): readonly string[] {
  const range = addressRange(entry)
  if (range !== undefined) return [range]
  if (entry.startsWith('[') && entry.endsWith(']')) return [entry.slice(1, -1)]
  // For Node, `.example.com` includes the domain itself.
  return /^[*.]|:/.test(entry) || isIPv4(entry) ? [entry] : [`.${entry}`]
}

/** `10.0.0.0/8` as `10.0.0.0-10.255.255.255`. */
function addressRange(entry: string): string | undefined {
  const [, address = '', bits] = /^([\d.]+)\/(\d{1,2})$/.exec(entry) ?? []
  if (!isIPv4(address) || Number(bits) > 32) return undefined
  const size = 2 ** (32 - Number(bits))
  const number = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
  const first = number - (number % size)
  return `${dotted(first)}-${dotted(first + size - 1)}`
}

function dotted(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.')
}
