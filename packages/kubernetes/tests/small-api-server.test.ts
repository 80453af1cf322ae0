import { connectCluster } from '../src/index.ts'
import { describeCluster } from './describe-cluster.ts'
import { kubeconfigText } from './kubeconfig-text.ts'
import { smallApiServer } from './small-api-server.ts'

describeCluster("the tests' own API server", async () => {
  const server = await smallApiServer('the-token')
  return {
    namespace: 'contract',
    connect: (as) =>
      connectCluster({ kubeconfig: kubeconfigText(server.url, { user: { token: as === 'admin' ? 'the-token' : 'another' } }) }),
    stop: async () => await server[Symbol.asyncDispose](),
  }
})
