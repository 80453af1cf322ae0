import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { versions, vllmImage } from '@prebake/versions'
import { runStep } from '../../../../packages/action-kit/src/testing/index.ts'
import { clusterName, nodeRole, snapshots } from '../aws/world.ts'
import { deployer } from '../start-control-plane.ts'
import { loadOn } from './load-on-service.ts'
import { startScene, type Scene } from './start-scene.ts'

/** The action measures a copy of what serves, as someone whom deploy/infra/rbac.yaml allows what it does. */
let scene: Scene
let folder: string
beforeAll(async () => {
  scene = await startScene()
  folder = mkdtempSync(join(tmpdir(), 'prebake-benchmark-'))
  writeFileSync(join(folder, 'kubeconfig'), scene.plane.kubeconfigOf(deployer))
  await scene.rollOut()
})
afterAll(async () => {
  await scene?.[Symbol.asyncDispose]()
  if (folder) rmSync(folder, { recursive: true, force: true })
})

const repository = join(import.meta.dirname, '../../../..')
const variables = {
  CLUSTER_NAME: clusterName,
  NODE_ROLE: nodeRole,
  VLLM_IMAGE: vllmImage,
  MODEL_PATH: '/mnt/models/hf-cache/hub/models--a--b/snapshots/c',
  VOLUME_SIZE: '150Gi',
  BOTTLEROCKET_VERSION: versions.bottlerocket,
}

function benchmark(inputs: Readonly<Record<string, string>>, onLine: (line: string, pid: number) => void = () => undefined) {
  let pid = 0
  return runStep({
    action: join(repository, 'actions/scale-benchmark'),
    inputs: {
      kubeconfig: join(folder, 'kubeconfig'),
      manifests: 'deploy/vllm',
      'snapshot-id': snapshots.first,
      variables: Object.entries(variables)
        .map(([name, value]) => `${name}=${value}`)
        .join('\n'),
      comment: 'false',
      timeout: '5m',
      ...inputs,
    },
    environment: { AWS_EC2_METADATA_DISABLED: 'true', AWS_REGION: 'us-west-2' },
    workspace: repository,
    temp: folder,
    onStart: (started) => (pid = started),
    onLine: (line) => onLine(line, pid),
  })
}

const kinds = {
  Deployment: '/apis/apps/v1/namespaces/default/deployments',
  NodePool: '/apis/karpenter.sh/v1/nodepools',
  EC2NodeClass: '/apis/karpenter.k8s.aws/v1/ec2nodeclasses',
  NodeClaim: '/apis/karpenter.sh/v1/nodeclaims',
  Node: '/api/v1/nodes',
}
/** Names of what there is of each kind. */
async function present(): Promise<Readonly<Record<string, readonly string[]>>> {
  const entries = Object.entries(kinds).map(async ([kind, path]) => {
    const objects = await scene.plane.api.list(path)
    return [kind, objects.map(({ metadata }) => metadata.name).toSorted()] as const
  })
  return Object.fromEntries(await Promise.all(entries))
}

test('1 → 5 on a copy, while the live Service answers every request; nothing is left', async () => {
  const before = await present()
  const load = loadOn('inference', 'vllm', scene.plane.api)
  const { main, post } = await benchmark({ from: '1', to: '5' })
  const cleaned = await post?.()
  await load.stop()
  expect(main.lines.filter((line) => line.startsWith('::error'))).toEqual([])
  const { runs } = JSON.parse(readFileSync(main.outputs['report'] ?? '', 'utf8')) as {
    runs: { run: object; pods: { firstToken: object }[] }[]
  }
  expect(runs).toHaveLength(1)
  expect(runs[0]).toMatchObject({ run: { arm: 'candidate', mode: 'isolated', nodes: 'cold' } })
  expect(runs[0]?.pods).toHaveLength(4)
  for (const { firstToken } of runs[0]?.pods ?? []) expect(firstToken).toMatchObject({ model: 'vllm' })
  expect(load.failures).toEqual([])
  expect(load.sent()).toBeGreaterThan(20)
  expect(cleaned?.exitCode).toBe(0)
  expect(await present()).toEqual(before)
})

test('SIGKILL half way, then post: nothing of the run is left', async () => {
  const before = await present()
  const load = loadOn('inference', 'vllm', scene.plane.api)
  const { main, post } = await benchmark({ from: '1', to: '3' }, (line, pid) => {
    if (line.includes('new pods:')) process.kill(pid, 'SIGKILL')
  })
  expect(main.signal).toBe('SIGKILL')
  expect((await present())['NodePool']).toHaveLength(2)
  const cleaned = await post?.()
  await load.stop()
  expect(cleaned?.exitCode).toBe(0)
  expect(load.failures).toEqual([])
  expect(await present()).toEqual(before)
})
