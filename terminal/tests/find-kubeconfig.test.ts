import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { findKubeconfig } from '../src/discover/find-kubeconfig.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'prebake-terminal-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function write(name: string, cluster: string, user: object, server = 'https://example.test'): string {
  const file = join(folder, name)
  const content = {
    'current-context': 'now',
    contexts: [{ name: 'now', context: { cluster, user: 'me' } }],
    clusters: [{ name: cluster, cluster: { server } }],
    users: [{ name: 'me', user }],
  }
  writeFileSync(file, JSON.stringify(content))
  return file
}

const token = (args: readonly string[], env: readonly object[] = []) => ({ exec: { command: 'aws', args, env } })

test.each([
  ['aws eks update-kubeconfig', 'arn:aws:eks:eu-west-1:123456789012:cluster/gpu', {}, 'gpu', 'eu-west-1'],
  ['the same in China', 'arn:aws-cn:eks:cn-north-1:123456789012:cluster/gpu', {}, 'gpu', 'cn-north-1'],
  ['eksctl', 'gpu.us-east-2.eksctl.io', {}, 'gpu', 'us-east-2'],
  [
    'an alias, with a token command',
    'prod',
    token(['--region', 'us-west-2', 'eks', 'get-token', '--cluster-name', 'gpu']),
    'gpu',
    'us-west-2',
  ],
  ['aws-iam-authenticator', 'prod', token(['token', '-i', 'gpu'], [{ name: 'AWS_REGION', value: 'us-west-1' }]), 'gpu', 'us-west-1'],
  ['another kind of cluster', 'kind', {}, undefined, undefined],
])('%s', (_who, cluster, user, clusterName, region) => {
  const path = write('config', cluster, user)
  expect(findKubeconfig(path, {})).toEqual({ path, context: 'now', server: 'https://example.test', clusterName, region })
})

test('the region of an EKS endpoint counts where nothing else says it', () => {
  const server = 'https://0123ABCD.gr7.eu-central-1.eks.amazonaws.com'
  expect(findKubeconfig(write('endpoint', 'prod', {}, server), {}).region).toBe('eu-central-1')
})

test('KUBECONFIG may be a list, whose first existing file counts', () => {
  const path = write('second', 'kind', {})
  expect(findKubeconfig(undefined, { KUBECONFIG: `${join(folder, 'missing')}:${path}` }).path).toBe(path)
})

test('a file that is no kubeconfig is an error only where the cluster is opened', () => {
  const path = join(folder, 'broken')
  writeFileSync(path, 'hello: [')
  expect(findKubeconfig(path, {})).toEqual({ path, context: undefined, server: undefined, clusterName: undefined, region: undefined })
})

test('without any file it says so', () => {
  expect(() => findKubeconfig(undefined, { HOME: join(folder, 'nobody') })).toThrow(
    expect.objectContaining({ errorCode: 'kubeconfig-not-found' }),
  )
})
