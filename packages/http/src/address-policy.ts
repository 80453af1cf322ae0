import { BlockList, isIPv6 } from 'node:net'

/** Whether a URL's host is this machine, so that plain HTTP to it cannot be overheard. */
export function isLoopback({ hostname }: Pick<URL, 'hostname'>): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname)
}

// RFC 3927 and RFC 4291, and the metadata services at other addresses (EC2 over IPv6; Alibaba).
const linkLocal = new BlockList()
linkLocal.addSubnet('169.254.0.0', 16)
linkLocal.addAddress('100.100.100.200')
linkLocal.addSubnet('fe80::', 10, 'ipv6')
linkLocal.addSubnet('fd00:ec2::', 32, 'ipv6')

/**
 * Why a request must not be sent to a URL. Requests are encrypted unless they stay on this machine, an encrypted request never leads to an unencrypted
 * one, and no request goes to a link-local address, where cloud machines get their credentials.
 * @param from the URL that led there: a redirect, or a registry that names its token server
 * @returns completes "<origin> …"; undefined if the request may be sent
 */
export function refusedAddress(url: URL, from?: URL): string | undefined {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (linkLocal.check(host, isIPv6(host) ? 'ipv6' : 'ipv4') || host === 'metadata.google.internal') {
    return 'is a link-local or metadata address'
  }
  if (url.username || url.password) return 'contains a name or password'
  if (url.protocol === 'https:') return undefined
  if (url.protocol !== 'http:') return 'is not a web address'
  if (!isLoopback(url)) return 'is not encrypted (https)'
  return from !== undefined && !(from.protocol === 'http:' && isLoopback(from)) ? 'is on this machine' : undefined
}
