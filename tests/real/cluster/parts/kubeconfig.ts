import type { KeyPair } from './write-certificates.ts'

/** Who asks: someone with a certificate, or with a token of the token file. */
export type Identity = { readonly certificate: KeyPair } | { readonly token: string }

/** A kubeconfig in JSON, which is YAML too. */
export function kubeconfigText(server: string, authority: string, identity: Identity): string {
  const user =
    'token' in identity
      ? { token: identity.token }
      : { 'client-certificate': identity.certificate.certificate, 'client-key': identity.certificate.key }
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'here',
    contexts: [{ name: 'here', context: { cluster: 'here', user: 'me' } }],
    clusters: [{ name: 'here', cluster: { server, 'certificate-authority': authority } }],
    users: [{ name: 'me', user }],
  })
}

/** The same of a webhook that the API server asks, at an http address of this machine. */
export function webhookText(server: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'here',
    contexts: [{ name: 'here', context: { cluster: 'here', user: '' } }],
    clusters: [{ name: 'here', cluster: { server } }],
  })
}
