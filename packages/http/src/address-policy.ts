import { BlockList, isIPv6 } from 'node:net'

/** Whether a URL's host is this machine itself, so that nothing can listen in between. */
export function isLoopback({ hostname }: Pick<URL, 'hostname'>): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname)
}

// RFC 3927 and RFC 4291; beside them the metadata services that lie elsewhere (EC2's over IPv6; Alibaba's).
const linkLocal = new BlockList()
linkLocal.addSubnet('169.254.0.0', 16)
linkLocal.addAddress('100.100.100.200')
linkLocal.addSubnet('fe80::', 10, 'ipv6')
linkLocal.addSubnet('fd00:ec2::', 32, 'ipv6')
linkLocal.addSubnet('::ffff:169.254.0.0', 112, 'ipv6')

/**
 * Why a URL must not be asked, where it must not: everything is encrypted, except on this machine; an encrypted request never leads to one that is not;
 * and what answers on a link-local address holds the machine's credentials.
 * @param from the URL that leads there, by a redirect or as the address of tokens
 * @returns completes "<url> …"
 */
export function refusedAddress(url: URL, from?: URL): string | undefined {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (linkLocal.check(host, isIPv6(host) ? 'ipv6' : 'ipv4') || host === 'metadata.google.internal') {
    return 'is an address for the metadata of machines'
  }
  if (url.protocol === 'https:') return undefined
  if (url.protocol !== 'http:') return 'is not a web address'
  if (!isLoopback(url)) return 'is not encrypted (https)'
  return from !== undefined && !(from.protocol === 'http:' && isLoopback(from)) ? 'leads to the machine that asks' : undefined
}
