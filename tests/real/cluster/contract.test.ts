import { connectCluster } from '../../../packages/kubernetes/src/index.ts'
import { describeCluster } from '../../../packages/kubernetes/tests/describe-cluster.ts'
import { startControlPlane } from './start-control-plane.ts'

describeCluster('a real API server', async () => {
  const plane = await startControlPlane({ withKarpenter: false })
  return {
    namespace: 'default',
    connect: (as) => connectCluster({ kubeconfig: as === 'admin' ? plane.kubeconfig : plane.kubeconfigOf('stranger') }),
    stop: async () => await plane[Symbol.asyncDispose](),
  }
})
