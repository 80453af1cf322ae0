import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { InputError } from '@prebake/kernel'
import { connectCluster } from '../src/index.ts'
import { kubeconfigText } from './kubeconfig-text.ts'
import { answerJson, scriptedServer } from './scripted-server.ts'

const { signal } = new AbortController()
let folder: string
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'prebake-kubeconfig-'))))
afterAll(() => rm(folder, { recursive: true, force: true }))

async function problemOf(attempt: Promise<unknown>, code?: string): Promise<string> {
  const error: unknown = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof InputError)) throw new Error('expected an InputError', { cause: error })
  expect(error.problems.map(({ input }) => input)).toEqual(['kubeconfig'])
  expect(error).toMatchObject(code === undefined ? {} : { errorCode: code })
  return error.message
}

const parts = JSON.parse(kubeconfigText('https://example.test')) as Record<string, unknown>
const changed = (change: object) => JSON.stringify({ ...parts, ...change })

describe('what is wrong with a kubeconfig is named', () => {
  test.each([
    ['nothing', '', /is empty/],
    ['no such file', '/nowhere/kubeconfig', /there is no file \/nowhere\/kubeconfig\..*update-kubeconfig/],
    ['a folder', '/tmp', /cannot be read \(EISDIR\)/],
    ['not YAML', 'apiVersion: v1\nusers: [{name: u\ntoken: secret-word', /at line 3, column \d+\./],
    ['an empty document', '\n\n', /empty/],
    ['a text', 'hello\nworld\n', /no `current-context`/],
    ['a cluster without a server', changed({ clusters: [{ name: 'c', cluster: {} }] }), /clusters\[0\]\.cluster\.server is missing/],
    ['no current context', changed({ 'current-context': '' }), /has no `current-context`.*\(here\)/],
    ['an unknown context', changed({ 'current-context': 'there' }), /current context `there` is not among its contexts \(here\)/],
    ['an unknown cluster', changed({ clusters: [] }), /context `here` names the cluster `c`, which is not among its clusters \(none\)/],
    ['an unknown user', changed({ users: [{ name: 'other' }] }), /names the user `u`, which is not among its users \(other\)/],
    ['no address', kubeconfigText('example.test'), /the server of its cluster `c`/],
  ])('%s', async (_, kubeconfig, expected) => {
    const code =
      /empty'?$|no file|EISDIR/.test(expected.source) && kubeconfig.trim() === kubeconfig ? 'kubeconfig-unreadable' : 'kubeconfig-malformed'
    const problem = await problemOf(connectCluster({ kubeconfig }), code)
    expect(problem).toMatch(expected)
    expect(problem).not.toContain('secret-word')
  })

  test('base64 is not quoted', async () => {
    const kubeconfig = Buffer.from(kubeconfigText('https://example.test')).toString('base64')
    const problem = await problemOf(connectCluster({ kubeconfig }), 'kubeconfig-unreadable')
    expect(problem).not.toContain(kubeconfig.slice(0, 20))
  })
})

describe('credentials', () => {
  const server = () => scriptedServer((_, response) => answerJson(response, { gitVersion: 'v1.36.3' }))

  test.each([
    ['a token', { token: 'abc' }, 'Bearer abc'],
    ['a token with a line break', { token: 'abc\n' }, 'Bearer abc'],
    ['name and password', { token: '', username: 'me', password: 'pw' }, `Basic ${btoa('me:pw')}`],
    ['a command', { token: '', exec: execOf('process.stdout.write(JSON.stringify({ status: { token: "made" } }))') }, 'Bearer made'],
  ])('%s is sent', async (_, user, authorization) => {
    await using api = await server()
    const { cluster, address } = await connectCluster({ kubeconfig: kubeconfigText(api.url, { user }) })
    expect(address).toBe(api.url)
    expect(await cluster.version(signal)).toBe('v1.36.3')
    expect(api.requests[0]?.headers.authorization).toBe(authorization)
  })

  test.each([
    ['a command that is not there', { exec: { command: 'no-such-command' } }, /its user `u`: there is no no-such-command/],
    ['a command that fails', { exec: execOf('console.error("token expired"); process.exit(1)') }, /: token expired\./],
    ['a certificate file that is not there', { 'client-certificate': '/nowhere/c.pem' }, /: there is no \/nowhere\/c\.pem/],
  ])('%s is named', async (_, user, expected) => {
    const { cluster } = await connectCluster({ kubeconfig: kubeconfigText('https://127.0.0.1:1', { user }) })
    expect(await problemOf(cluster.version(signal), 'cluster-credentials-failed')).toMatch(expected)
  })

  test('a file is read, also under the home folder, and its paths are relative to it', async () => {
    await using api = await server()
    await writeFile(join(folder, 'config'), kubeconfigText(api.url, { cluster: { 'certificate-authority': 'ca.pem' } }))
    const connect = (kubeconfig: string) => connectCluster({ kubeconfig, env: { HOME: folder } })
    for (const kubeconfig of [join(folder, 'config'), '~/config']) {
      const { cluster } = await connect(kubeconfig)
      expect(await problemOf(cluster.version(signal))).toContain(`there is no ${join(folder, 'ca.pem')}`)
    }
    await writeFile(join(folder, 'ca.pem'), 'not used over http')
    expect(await (await connect('~/config')).cluster.version(signal)).toBe('v1.36.3')
  })

  test('a path in the server is kept', async () => {
    await using api = await server()
    const { cluster } = await connectCluster({ kubeconfig: kubeconfigText(`${api.url}/k8s/clusters/c-1/`) })
    await cluster.version(signal)
    expect(api.requests[0]?.url).toBe('/k8s/clusters/c-1/version')
  })
})

function execOf(script: string): object {
  return { apiVersion: 'client.authentication.k8s.io/v1', command: process.execPath, args: ['-e', script] }
}
