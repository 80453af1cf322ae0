import { systemClock, type Clock } from '@prebake/kernel'
import type { Cluster } from '@prebake/rollout'
import { startSimulator, type Simulator } from '@prebake/simulator'
import { connectCluster } from '../src/index.ts'

/** The whole simulator, with its controllers and Karpenter, behind the adapter that the actions use. No real script may run: time flies. */
export async function simulatedCluster(): Promise<{ readonly simulator: Simulator; readonly cluster: Cluster; readonly clock: Clock }> {
  const simulator = await startSimulator({ rate: 600 })
  const { PREBAKE_CLOCK_RATE: rate, PREBAKE_CLOCK_ORIGIN: origin } = simulator.environment
  const clock = systemClock(Number(rate), Number(origin))
  const { cluster } = await connectCluster({ kubeconfig: simulator.kubeconfig, env: {}, clock })
  return { simulator, cluster, clock }
}
