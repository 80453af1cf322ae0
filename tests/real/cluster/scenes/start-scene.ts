import { setTimeout as sleep } from 'node:timers/promises'
import { systemClock } from '@prebake/kernel'
import { connectCluster } from '../../../../packages/kubernetes/src/index.ts'
import type { KubernetesObject } from '../../../../packages/manifests/src/index.ts'
import { type Cluster, rollOut, type RollOutPorts, type RollOutResult } from '../../../../packages/rollout/src/index.ts'
import type { ApiObject } from '../parts/api.ts'
import { deployer, startControlPlane, type ControlPlane, type ControlPlaneOptions } from '../start-control-plane.ts'
import { grantShippedRole } from './deploy-role.ts'
import { observe, type Observation } from './observe.ts'
import { shippedManifests, type Changes } from './shipped-manifests.ts'

export interface Scene {
  readonly plane: ControlPlane
  /** As someone whom deploy/infra/rbac.yaml allows what it does. */
  readonly cluster: Cluster
  readonly seen: Observation
  /** What rollouts reported to the person who watches. */
  readonly log: readonly string[]
  rollOut(
    changes?: Changes & {
      readonly cluster?: Cluster
      readonly force?: boolean
      readonly dryRun?: boolean
      readonly seconds?: number
      readonly rollback?: boolean
      readonly run?: string
      readonly verdicts?: RollOutPorts['verdicts']
    },
  ): Promise<RollOutResult>
  /** As `kubectl scale`. */
  scale(replicas: number): Promise<void>
  /** Waits until `look` gives something. @throws Error with `what`, Karpenter's last words and the rollout's, after so many seconds */
  until<T>(what: string, seconds: number, look: () => Promise<T | undefined | false>): Promise<T>
  deployment(): Promise<DeploymentObject | undefined>
  nodes(): Promise<readonly ApiObject[]>
  [Symbol.asyncDispose](): Promise<void>
}

interface DeploymentObject extends ApiObject {
  readonly spec: { readonly replicas: number; readonly template: KubernetesObject }
  readonly status?: { readonly readyReplicas?: number; readonly updatedReplicas?: number }
}

/** A control plane, the shipped manifests and role, and the rollout under test wired to them with the real client. */
export async function startScene(options: Pick<ControlPlaneOptions, 'parts'> = {}): Promise<Scene> {
  const plane = await startControlPlane(options)
  const { api } = plane
  const clock = systemClock()
  await grantShippedRole(api)
  const { cluster } = await connectCluster({ kubeconfig: plane.kubeconfigOf(deployer), clock })
  const seen = observe(api)
  const log: string[] = []
  const tell = (line: string) => void log.push(line)
  const reporter = {
    group: <T>(title: string, work: () => Promise<T>) => (tell(title), work()),
    info: tell,
    progress: tell,
    notice: tell,
    warning: tell,
    debug: () => {},
    summary: tell,
  }

  const deploymentPath = '/apis/apps/v1/namespaces/default/deployments/vllm'
  return {
    plane,
    cluster,
    seen,
    log,
    rollOut({ cluster: through = cluster, verdicts, seconds = 120, ...options } = {}) {
      const { force = false, dryRun = false, rollback = true, run = 'run-1', ...changes } = options
      const request = {
        manifests: shippedManifests(changes),
        namespace: 'default',
        timeoutMs: seconds * 1000,
        force,
        dryRun,
        rollback,
        run,
      }
      const ports = { cluster: through, clock, reporter, ...(verdicts && { verdicts }) }
      return rollOut(request, ports, AbortSignal.timeout((seconds + 120) * 1000))
    },
    scale: async (replicas) => void (await api.patch(`${deploymentPath}/scale`, { spec: { replicas } })),
    async until(what, seconds, look) {
      for (let looks = 0; looks < seconds * 5; looks++) {
        const found = await look()
        if (found !== undefined && found !== false) return found
        await sleep(200)
      }
      const last = (text: string) => text.trimEnd().split('\n').slice(-10).join('\n')
      throw new Error(
        `Waited ${seconds} s: ${what} is not so.\nThe rollout said:\n${log.slice(-10).join('\n')}\nKarpenter said:\n${last(plane.log('karpenter'))}`,
      )
    },
    deployment: () => api.get<DeploymentObject>(deploymentPath),
    nodes: () => api.list('/api/v1/nodes'),
    async [Symbol.asyncDispose]() {
      await seen.stop()
      await plane[Symbol.asyncDispose]()
    },
  }
}
