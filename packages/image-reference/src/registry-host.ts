import { domainPattern } from './reference-grammar.ts'

/**
 * Whether requests can be sent to a registry. The grammar of references allows more: ports above 65535, `[:::]`, and numbers that a URL reads as another
 * address (`127.1`).
 */
export function isReachableRegistry(registry: string): boolean {
  const url = URL.parse(`https://${registry}`)
  if (url === null || !domainPattern.test(registry)) return false
  return registry.startsWith('[') || url.hostname === registry.toLowerCase().replace(/:\d+$/, '')
}
