import { afterEach, beforeEach } from '@jest/globals'
import type { KubeObject } from '../../src/kubernetes/objects.ts'
import { startApiServer, type ApiServer } from '../../src/kubernetes/start-api-server.ts'

export const deployments = '/apis/apps/v1/namespaces/default/deployments'
export const classes = '/apis/karpenter.k8s.aws/v1/ec2nodeclasses'
export const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'vllm', labels: { app: 'vllm' } },
  spec: {
    selector: { matchLabels: { app: 'vllm' } },
    template: { metadata: { labels: { app: 'vllm' } }, spec: { containers: [{ name: 'vllm', image: 'one' }] } },
  },
}
export const nodeClass = (labels: Readonly<Record<string, string>> = {}, role = 'node') => ({
  apiVersion: 'karpenter.k8s.aws/v1',
  kind: 'EC2NodeClass',
  metadata: { name: 'vllm', labels },
  spec: { role },
})

/** An API server for each test, and its requests as the wire has them. */
export function useApiServer() {
  let server: ApiServer
  beforeEach(async () => {
    server = await startApiServer()
  })
  afterEach(async () => await server[Symbol.asyncDispose]())

  const open = (method: string, path: string, body?: unknown, type = 'application/json', authorization = 'Bearer the-token') =>
    fetch(server.url + path, {
      method,
      headers: { authorization, 'content-type': type },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
  const call = async (...request: Parameters<typeof open>) => {
    const response = await open(...request)
    const text = await response.text()
    return { status: response.status, body: (text.startsWith('{') ? JSON.parse(text) : {}) as Record<string, unknown> & KubeObject }
  }
  return {
    server: () => server,
    open,
    call,
    apply: (path: string, document: object, query = '') =>
      call('PATCH', `${path}?fieldManager=test${query}`, document, 'application/apply-patch+yaml'),
    patch: (path: string, change: object) => call('PATCH', path, change, 'application/merge-patch+json'),
  }
}
