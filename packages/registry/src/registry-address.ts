/**
 * Where a registry is reached, as containerd finds it: Docker Hub under its API's host, one on this machine without TLS.
 * @param registry host and port as in the reference: `docker.io`, `127.0.0.1:5000`
 */
export function registryAddress(registry: string): URL {
  if (registry === 'docker.io' || registry === 'index.docker.io') return new URL('https://registry-1.docker.io')
  const host = registry.replace(/:\d+$/, '')
  return new URL(`${isLoopback(host) ? 'http' : 'https'}://${registry}`)
}

/** Whether a host is this machine itself, so that nobody can listen in between. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host)
}

/** Amazon's private registries, one for each account and region. They answer nobody without credentials. The host's script work.sh has the same form. */
export function isPrivateEcr(registry: string): boolean {
  return /^\d{12}\.dkr[.-]ecr(-fips)?\.[a-z0-9-]+\.(amazonaws\.com(\.cn)?|on\.aws)$/.test(registry)
}
