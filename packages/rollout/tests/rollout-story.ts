import { ServiceError, type Clock } from '@prebake/kernel'
import { type KubernetesObject, readManifests } from '@prebake/manifests'
import { rollOut, type RollOutPorts, type RollOutRequest } from '../src/index.ts'
import type { MemoryCluster } from './memory-cluster.ts'
import { recordingReporter } from './recording-reporter.ts'

/** The kinds that the cluster knows; true: with namespaces. */
export const kinds = { Deployment: true, Service: true, Pod: true, NodePool: false, EC2NodeClass: false, Namespace: false }
const text = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: vllm }
spec: { replicas: 2, selector: { matchLabels: { app: vllm } }, template: { image: '\${IMAGE}' } }
---
apiVersion: karpenter.sh/v1
kind: NodePool
metadata: { name: vllm }
spec: { limits: 8 }
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

/** What a healthy cluster does at these seconds: NodeClass and NodePool get Ready, then the pods one by one. */
export function healthy(cluster: MemoryCluster, generation = 1): (seconds: number) => void {
  return (seconds) => {
    if (seconds === 1) cluster.change('EC2NodeClass', ready)
    if (seconds === 2) cluster.change('NodePool', ready)
    if (seconds === 4) cluster.change('Deployment', { status: { observedGeneration: generation, ...counts(0, { replicas: 1 }) } })
    if (seconds === 60) cluster.change('Deployment', { status: counts(1) })
    if (seconds === 90) {
      cluster.change('Deployment', {
        status: counts(2),
        metadata: { annotations: { 'deployment.kubernetes.io/revision': String(generation) } },
      })
    }
  }
}

/** Rolls out, and returns the result or the error, and every line that was reported. */
export async function run(
  cluster: MemoryCluster,
  clock: Clock,
  given = request(),
  signal = new AbortController().signal,
  more: Partial<RollOutPorts> = {},
) {
  const reporter = recordingReporter()
  const outcome = await rollOut(given, { cluster, clock, reporter, ...more }, signal).catch((error: unknown) => error)
  return { outcome, lines: reporter.lines, error: outcome instanceof Error ? outcome : undefined }
}

/** A cluster that refuses this kind with this status, in the dry run or only after it. */
export const refusing =
  (kind: string, status: number, dryRunOnly = true) =>
  (document: KubernetesObject, dryRun: boolean) => {
    if (document.kind !== kind || dryRun !== dryRunOnly) return
    throw new ServiceError(
      { operation: `apply ${kind} vllm`, code: 'Invalid', message: 'unknown field "spec.x"', status },
      { hint: 'Correct what the server names.' },
    )
  }
