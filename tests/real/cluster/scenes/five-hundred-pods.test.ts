import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { runStep } from '../../../../packages/action-kit/src/testing/index.ts'
import { grantShippedRole } from './deploy-role.ts'
import { createWideNode, deployOnWideNode } from './wide-node.ts'
import { deployer, startControlPlane, type ControlPlane } from '../start-control-plane.ts'

/** 1 → 500 in place, on one node that has room for all of them: the API server, its watches and its port-forwards are real. */
let plane: ControlPlane
let folder: string
beforeAll(async () => {
  plane = await startControlPlane({ withKarpenter: false })
  await grantShippedRole(plane.api)
  folder = mkdtempSync(join(tmpdir(), 'prebake-benchmark-'))
  await createWideNode(plane.api)
  await deployOnWideNode(plane.api)
})
afterAll(async () => {
  await plane?.[Symbol.asyncDispose]()
  if (folder) rmSync(folder, { recursive: true, force: true })
})

test('1 → 500: no pod is lost, each has its start and its first token, and one replica is left', async () => {
  const { main, post } = await runStep({
    action: join(import.meta.dirname, '../../../../actions/scale-benchmark'),
    inputs: {
      candidate: 'in-place',
      kubeconfig: plane.kubeconfigOf(deployer),
      manifests: '',
      from: '1',
      to: '500',
      comment: 'false',
      timeout: '8m',
    },
    environment: { AWS_EC2_METADATA_DISABLED: 'true', AWS_REGION: 'us-west-2' },
    workspace: folder,
    temp: folder,
  })
  await post?.()
  expect(main.lines.filter((line) => line.startsWith('::error'))).toEqual([])
  const { runs } = JSON.parse(readFileSync(main.outputs['report'] ?? '', 'utf8')) as {
    runs: { pods: { pod: string; ready: boolean; firstToken: { notMeasured?: string } }[] }[]
  }
  const pods = runs[0]?.pods ?? []
  expect(new Set(pods.map(({ pod }) => pod)).size).toBe(499)
  expect(pods.filter(({ ready }) => !ready)).toEqual([])
  expect(pods.filter(({ firstToken }) => firstToken.notMeasured !== undefined)).toEqual([])
  expect(await plane.api.get('/apis/apps/v1/namespaces/default/deployments/vllm')).toMatchObject({ spec: { replicas: 1 } })
})
