import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { systemClock, type Clock } from '@prebake/kernel'
import { startSimulator, type Simulator } from '@prebake/simulator'
import { withAwsEnvironment } from '../../aws/tests/with-aws-environment.ts'
import { judgeClusterInputs, openCluster } from '../src/access/index.ts'

const { signal } = new AbortController()
let simulator: Simulator
let clock: Clock
let folder: string
beforeAll(async () => {
  simulator = await startSimulator({ rate: 300 })
  const { PREBAKE_CLOCK_RATE, PREBAKE_CLOCK_ORIGIN } = simulator.environment
  clock = systemClock(Number(PREBAKE_CLOCK_RATE), Number(PREBAKE_CLOCK_ORIGIN))
  folder = mkdtempSync(join(tmpdir(), 'prebake-access-'))
  writeFileSync(join(folder, 'config'), simulator.kubeconfig)
})
afterAll(async () => {
  await simulator.stop()
  rmSync(folder, { recursive: true, force: true })
})

const described = () => simulator.requests().filter(({ operation }) => operation === 'DescribeCluster').length

test('KUBECONFIG is taken where no input names a cluster, and EKS is not asked', async () => {
  const before = described()
  const { cluster } = await openCluster({}, { env: { KUBECONFIG: join(folder, 'config') }, clock }, signal)
  expect(await cluster.version(signal)).toMatch(/^v1\./)
  expect(described()).toBe(before)
})

test('a name comes before KUBECONFIG, whatever stands there', async () => {
  await withAwsEnvironment(simulator.environment, async () => {
    const env = { ...process.env, KUBECONFIG: '/nowhere/config' }
    const { cluster } = await openCluster({ clusterName: simulator.clusterName }, { env, clock }, signal)
    expect(await cluster.version(signal)).toMatch(/^v1\./)
  })
})

test('the token is renewed while a connection is open', async () => {
  await withAwsEnvironment(simulator.environment, async () => {
    const { cluster } = await openCluster({ clusterName: simulator.clusterName }, { env: process.env, clock }, signal)
    await cluster.version(signal)
    await simulator.sleep(20 * 60)
    expect(await cluster.version(signal)).toMatch(/^v1\./)
  })
})

test('both inputs are one too many', () => {
  expect(judgeClusterInputs({ kubeconfig: '/k', clusterName: 'c' })).toMatchObject([{ code: 'cluster-given-twice', input: 'cluster-name' }])
  expect(judgeClusterInputs({ clusterName: 'c' })).toEqual([])
})

test('without either, the input to give is named', async () => {
  await expect(openCluster({}, { env: {}, clock }, signal)).rejects.toMatchObject({ problems: [{ input: 'kubeconfig' }] })
})
