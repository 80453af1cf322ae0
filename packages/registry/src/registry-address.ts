import { isLoopback } from '@prebake/http'

/**
 * Where a registry is reached, as containerd finds it: Docker Hub under its API's host, one on this machine without TLS.
 * @param registry host and port as in the reference: `docker.io`, `127.0.0.1:5000`
 */
export function registryAddress(registry: string): URL {
  if (registry === 'docker.io') return new URL('https://registry-1.docker.io')
  const url = new URL(`https://${registry}`)
  return isLoopback(url) ? new URL(`http://${registry}`) : url
}

/** The registry at an address, as image references and logins name it: the inverse of `registryAddress`. */
export function registryAt({ host }: URL): string {
  return host === 'registry-1.docker.io' ? 'docker.io' : host
}
