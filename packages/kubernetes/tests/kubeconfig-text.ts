/** A kubeconfig in JSON, which is YAML too. */
export function kubeconfigText(server: string, more: { user?: object; cluster?: object; namespace?: string } = {}): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'here',
    contexts: [{ name: 'here', context: { cluster: 'c', user: 'u', ...(more.namespace && { namespace: more.namespace }) } }],
    clusters: [{ name: 'c', cluster: { server, ...more.cluster } }],
    users: [{ name: 'u', user: { token: 'the-token', ...more.user } }],
  })
}
