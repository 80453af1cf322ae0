import { startSimulator } from '@prebake/simulator'
import { connectCluster } from '../src/index.ts'
import { describeCluster } from './describe-cluster.ts'

describeCluster('the simulator', async () => {
  const simulator = await startSimulator({ rate: 600 })
  const { kubeconfig } = simulator
  return {
    namespace: 'default',
    connect: (as) => connectCluster({ kubeconfig: as === 'admin' ? kubeconfig : kubeconfig.replace(/token: .*/, 'token: another') }),
    stop: () => simulator.stop(),
  }
})
