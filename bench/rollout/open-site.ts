import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deployer, startControlPlane, type ControlPlane } from '../../tests/real/cluster/start-control-plane.ts'
import type { Task } from './contestants.ts'

export interface Site {
  readonly plane: ControlPlane
  readonly task: Task
  /** Path of the API server's own log of what the contestants asked for. */
  readonly audit: string
  [Symbol.asyncDispose](): Promise<void>
}

/** A control plane, a folder, and someone who may do everything and whose requests are written down. */
export async function openSite(options: { readonly withKarpenter: boolean }): Promise<Site> {
  const folder = mkdtempSync(join(tmpdir(), 'prebake-bench-'))
  const audit = join(folder, 'audit.log')
  const plane = await startControlPlane({ ...options, audit })
  await plane.api.create('/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', {
    metadata: { name: 'bench' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: deployer }],
  })
  return {
    plane,
    task: { folder, kubeconfig: plane.kubeconfigOf(deployer) },
    audit,
    async [Symbol.asyncDispose]() {
      await plane[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
