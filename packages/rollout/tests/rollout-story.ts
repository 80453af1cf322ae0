import type { Clock } from '@prebake/kernel'
import { readManifests } from '@prebake/manifests'
import { rollOut, type RollOutPorts, type RollOutRequest } from '../src/index.ts'
import { recordingReporter } from './recording-reporter.ts'
import type { TestCluster } from '../../kubernetes/tests/test-cluster.ts'

const text = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: vllm }
spec:
  replicas: 2
  selector: { matchLabels: { app: vllm } }
  template: { metadata: { labels: { app: vllm } }, spec: { containers: [{ name: vllm, image: '\${IMAGE}' }] } }
---
apiVersion: karpenter.sh/v1
kind: NodePool
metadata: { name: vllm }
spec: { template: { spec: { nodeClassRef: { group: karpenter.k8s.aws, kind: EC2NodeClass, name: vllm } } } }
---
apiVersion: karpenter.k8s.aws/v1
kind: EC2NodeClass
metadata: { name: vllm }
spec: { role: nodes }
`
/** A Deployment of two replicas with this image, a NodePool and a NodeClass, in the wrong order. */
export const manifestsFor = (image: string, more = '') => readManifests([{ path: 'vllm.yaml', text: text + more }], { IMAGE: image })

export const request = (more: Partial<RollOutRequest> = {}): RollOutRequest => ({
  manifests: manifestsFor('one'),
  namespace: 'default',
  timeoutMs: 1_800_000,
  force: false,
  dryRun: false,
  rollback: true,
  run: 'run-1',
  ...more,
})
const ready = { status: { conditions: [{ type: 'Ready', status: 'True' }] } }
const counts = (count: number, more = {}) => ({
  replicas: 2,
  updatedReplicas: count,
  readyReplicas: count,
  availableReplicas: count,
  ...more,
})

/** What a healthy cluster does at these seconds, up to `until`: NodeClass and NodePool get Ready, then the pods one by one. */
export const healthy = (cluster: TestCluster, generation = 1, until = Infinity): ((seconds: number) => void) =>
  timetable(
    (
      [
        [1, () => cluster.change('EC2NodeClass', ready)],
        [2, () => cluster.change('NodePool', ready)],
        [4, () => cluster.change('Deployment', { status: { observedGeneration: generation, ...counts(0, { replicas: 1 }) } })],
        [60, () => cluster.change('Deployment', { status: counts(1) })],
        [90, () => cluster.change('Deployment', { status: counts(2), metadata: { annotations: { [revision]: String(generation) } } })],
      ] as const
    ).filter(([second]) => second <= until),
  )

const revision = 'deployment.kubernetes.io/revision'

/** Does each thing once, when its second has come. */
export function timetable(entries: readonly (readonly [second: number, act: () => void])[]): (seconds: number) => void {
  const left = [...entries]
  return (seconds) => {
    for (let [next] = left; next && next[0] <= seconds; [next] = left) {
      left.shift()
      next[1]()
    }
  }
}

/** Rolls out, and returns the result or the error, and every line that was reported. */
export async function run(
  cluster: TestCluster,
  clock: Clock,
  given = request(),
  signal = new AbortController().signal,
  more: Partial<RollOutPorts> = {},
) {
  const reporter = recordingReporter()
  const outcome = await rollOut(given, { cluster, clock, reporter, ...more }, signal).catch((error: unknown) => error)
  return { outcome, lines: reporter.lines, error: outcome instanceof Error ? outcome : undefined }
}

/** The server refuses this kind with this status, in the dry run or only after it. */
export const refuse = (cluster: TestCluster, kind: string, status: number, inDryRun = true): void =>
  cluster.inject({
    operation: new RegExp(`^apply ${kind} [^ ]+${inDryRun ? ' \\(dry run\\)' : ''}$`),
    times: Infinity,
    effect: { kind: 'error', status, code: 'Invalid', message: 'unknown field "spec.x"' },
  })

/** What another client changes to deploy another image. */
export const imageChange = (image: string) => ({ spec: { template: { spec: { containers: [{ name: 'vllm', image }] } } } })
