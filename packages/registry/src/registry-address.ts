import { isLoopback } from '@prebake/http'

/**
 * The address of a registry, as containerd finds it: Docker Hub at its API host, a registry on this machine without TLS.
 * @param registry host and port as in the reference: `docker.io`, `127.0.0.1:5000`
 */
export function registryAddress(registry: string): URL {
  if (registry === 'docker.io') return new URL('https://registry-1.docker.io')
  const url = new URL(`https://${registry}`)
  return isLoopback(url) ? new URL(`http://${registry}`) : url
}

/** The registry at an address, as image references and logins name it. The inverse of `registryAddress`. */
export function registryAt({ host }: URL): string {
  return host === 'registry-1.docker.io' ? 'docker.io' : host
}
