import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { startApiServer } from '@prebake/simulator/api-server'
import { ensureCluster, renderClusterConfig } from '../src/infra/ensure-cluster.ts'
import { prepareCluster } from '../src/infra/prepare-cluster.ts'
import { eksctl, kubectl, requireTools, runTool } from '../src/infra/run-tool.ts'

const { signal } = new AbortController()
const root = join(import.meta.dirname, '../..')
const clock = { now: () => new Date(0), sleep: () => Promise.resolve() }
const reporter = {
  group: <T>(_title: string, work: () => Promise<T>) => work(),
  ...Object.fromEntries(['info', 'progress', 'notice', 'warning', 'debug', 'summary'].map((name) => [name, () => {}])),
} as never

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'prebake-terminal-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('every tool that is missing or broken is named at once', async () => {
  writeFileSync(join(folder, 'kubectl'), '#!/bin/sh\nexit 3\n', { mode: 0o755 })
  await expect(requireTools([eksctl, kubectl], { PATH: folder }, signal)).rejects.toMatchObject({
    problems: [
      { code: 'tool-missing', input: 'eksctl' },
      { code: 'tool-missing', input: 'kubectl' },
    ],
  })
})

test('a tool that fails is quoted', async () => {
  writeFileSync(join(folder, 'failing'), '#!/bin/sh\necho one; echo two >&2; exit 4\n', { mode: 0o755 })
  const failed = runTool('failing', [], { env: { PATH: `${folder}:/bin` }, signal })
  await expect(failed).rejects.toMatchObject({
    errorCode: 'tool-failed',
    message: expect.stringMatching(/ended with 4\.\n(one\ntwo|two\none)/),
  })
})

test.each(['FAILED', 'DELETING'])('a cluster that is %s is not used', async (status) => {
  const infra = { cluster: () => Promise.resolve({ status, vpcId: 'vpc-1', subnetIds: [] }) }
  const wanted = { name: 'gpu', region: 'us-west-2', folder: root }
  await expect(ensureCluster(wanted, { infra, clock, reporter, env: {} }, signal)).rejects.toMatchObject({ errorCode: 'cluster-unusable' })
})

test('a cluster without Karpenter is an error, and gets no rights', async () => {
  await using server = await startApiServer({ without: ['EC2NodeClass'] })
  const kubeconfig = join(folder, 'kubeconfig')
  writeFileSync(kubeconfig, server.kubeconfig)
  const prepared = prepareCluster({ folder: root, kubeconfig }, { env: {}, signal, clock, reporter })
  await expect(prepared).rejects.toMatchObject({ errorCode: 'karpenter-missing' })
  expect(server.objects('ClusterRole')).toEqual([])
})

test('the ClusterConfig has no placeholder left, and no comment of the template', () => {
  const config = renderClusterConfig({ name: 'gpu', region: 'eu-west-1', folder: root })
  expect(config).not.toMatch(/\$\{|envsubst/)
  expect(config).toMatch(/^apiVersion: eksctl.io\/v1alpha5\nkind: ClusterConfig\nmetadata:\n {2}name: gpu\n {2}region: eu-west-1$/m)
})
