import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { runStep } from '@prebake/action-kit/testing'
import { clusterName, nodeRole, snapshots } from '../aws/world.ts'
import { buildChartTools } from '../build-parts.ts'
import type { ApiObject } from '../parts/api.ts'
import { deployer, deployGroup } from '../start-control-plane.ts'
import { startScene, type Scene } from './start-scene.ts'
import { chart, overlay } from './user-sets.ts'

/** The bundled action on what real Helm and kustomize make of a user's folders, to the end of the rollout. */
let scene: Scene
let folder: string
const tools = buildChartTools()

beforeAll(async () => {
  scene = await startScene()
  folder = mkdtempSync(join(tmpdir(), 'prebake-charts-'))
  const rules = [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'create', 'patch'] }]
  const metadata = { name: 'config', namespace: 'default' }
  const rbac = '/apis/rbac.authorization.k8s.io/v1/namespaces/default'
  const group = 'rbac.authorization.k8s.io'
  await scene.plane.api.create(`${rbac}/roles`, { apiVersion: `${group}/v1`, kind: 'Role', metadata, rules })
  await scene.plane.api.create(`${rbac}/rolebindings`, {
    apiVersion: `${group}/v1`,
    kind: 'RoleBinding',
    metadata,
    roleRef: { apiGroup: group, kind: 'Role', name: 'config' },
    subjects: [{ apiGroup: group, kind: 'Group', name: deployGroup }],
  })
})
afterAll(async () => {
  await scene?.[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, 'work', dirname(path)), { recursive: true })
    writeFileSync(join(folder, 'work', path), text)
  }
}

async function apply(inputs: Readonly<Record<string, string>>) {
  const { main } = await runStep({
    action: join(import.meta.dirname, '../../../../actions/apply-manifests'),
    inputs: { kubeconfig: scene.plane.kubeconfigOf(deployer), timeout: '2m', ...inputs },
    environment: { PATH: `${tools}:${process.env['PATH']}` },
    workspace: join(folder, 'work'),
    temp: join(folder, 'temp'),
  })
  return { ...main, said: main.exitCode === 0 ? '' : main.lines.join('\n') }
}

/** The snapshot that the node of each ready pod was launched from. */
async function served(selector: string): Promise<readonly (string | undefined)[]> {
  type Pod = ApiObject & {
    readonly spec: { readonly nodeName?: string }
    readonly status: { readonly conditions?: readonly { type: string; status: string }[] }
  }
  const pods = await scene.plane.api.list<Pod>(`/api/v1/namespaces/default/pods?labelSelector=${encodeURIComponent(selector)}`)
  return pods
    .filter(
      ({ metadata, status }) =>
        metadata.deletionTimestamp === undefined && status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True'),
    )
    .map(({ spec }) => scene.plane.aws.launches.get(spec.nodeName ?? '')?.snapshotId)
}

test.each([
  ['the first time', snapshots.first],
  ['with another snapshot in its values', snapshots.second],
])('a Helm chart, %s: its pods serve on nodes from the snapshot of its values', async (_title, snapshotId) => {
  write({ ...chart(nodeRole, clusterName), 'values-prod.yaml': `snapshotID: ${snapshotId}\n` })
  const { exitCode, outputs, said } = await apply({ manifests: 'chart', 'helm-values': 'values-prod.yaml', 'helm-release': 'llm' })
  expect({ exitCode, said }).toEqual({ exitCode: 0, said: '' })
  expect(outputs).toMatchObject({ changed: 'true', proven: 'true', 'rolled-back': 'false' })
  expect(await served('app.kubernetes.io/instance=llm')).toEqual([snapshotId])
  // A test of the chart is not a part of what serves.
  expect(await scene.plane.api.get('/api/v1/namespaces/default/pods/ping')).toBeUndefined()
})

test('an overlay of kustomize: its pods serve on nodes from the snapshot that its patch sets', async () => {
  write(overlay(nodeRole, clusterName, snapshots.first))
  const { exitCode, outputs, said } = await apply({ manifests: 'prod' })
  expect({ exitCode, said }).toEqual({ exitCode: 0, said: '' })
  expect(outputs).toMatchObject({ changed: 'true', proven: 'true', 'rolled-back': 'false' })
  expect(await served('app=chat')).toEqual([snapshots.first, snapshots.first])
})
