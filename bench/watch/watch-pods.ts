/** Watches the pods of a namespace as scale-benchmark does, until it is ended. Argument: the path of a kubeconfig. */
import { systemClock } from '@prebake/kernel'
import { connectCluster } from '../../packages/kubernetes/src/index.ts'

const [kubeconfig = ''] = process.argv.slice(2)
const { workload } = await connectCluster({ kubeconfig, clock: systemClock() })
const { signal } = new AbortController()
for await (const { type, object } of workload.watch({ kind: 'Pod', namespace: 'default', labelSelector: 'app=vllm' }, signal))
  console.log(type, object.metadata.name)
