import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { runStep } from '@prebake/action-kit/testing'
import { startSimulator, type FaultEffect, type FaultPlan, type Simulator } from '@prebake/simulator'

let simulator: Simulator
let folder: string
let workspace: string
let fault: FaultPlan = () => undefined
beforeAll(async () => {
  simulator = await startSimulator({ rate: 300, faults: (request) => fault(request) })
  folder = mkdtempSync(join(tmpdir(), 'prebake-test-'))
  workspace = join(folder, 'workspace')
  mkdirSync(workspace)
  writeFileSync(join(folder, 'secret.yaml'), configMap)
})
beforeEach(() => {
  for (const [path, text] of Object.entries({ 'k8s/app.yaml': configMap, 'none/note.md': '' })) write(path, text)
})
afterEach(() => {
  fault = () => undefined
  rmSync(workspace, { recursive: true })
})
afterAll(async () => {
  await simulator.stop()
  rmSync(folder, { recursive: true, force: true })
})

const configMap = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: one }\n'

function write(path: string, text: string): void {
  mkdirSync(dirname(join(workspace, path)), { recursive: true })
  writeFileSync(join(workspace, path), text)
}

/** Runs the bundle, and reads what the user sees: the annotation's message, the error's code, and after it what to do. */
async function apply(inputs: Record<string, string>, environment: Readonly<Record<string, string>> = {}, of = simulator) {
  const before = of.requests().length
  const { main } = await runStep({
    action: join(import.meta.dirname, '..'),
    inputs: { manifests: 'k8s', ...inputs },
    environment: { ...of.environment, ...environment },
    workspace,
    temp: folder,
  })
  const start = main.lines.findIndex((line) => line.startsWith('::error'))
  const [annotation = '', ...after] = start < 0 ? [] : main.lines.slice(start)
  const message = annotation
    .replace(/^::error[^:]*::/, '')
    .replaceAll('%0A', '\n')
    .replaceAll('%25', '%')
  const code = after.flatMap((line) => /Error code: ([\w-]+)/.exec(line)?.[1] ?? [])[0]
  const advice = after.filter((line) => !/^::|Caused by: |Error code: /.test(line))
  const writes = of
    .requests()
    .slice(before)
    .filter(({ operation, method }) => method !== 'GET' && !operation.endsWith('(dry run)'))
  return { exitCode: main.exitCode, code, reported: [message, ...advice].join('\n'), writes, lines: main.lines }
}

const refusal = (status: number, code: string, message: string): FaultEffect => ({ kind: 'error', status, code, message })
const anotherToken = () => simulator.kubeconfig.replace(/token: .*/, 'token: k8s-aws-v1.aHR0cHM6Ly9zdHM')

const words =
  'configmaps "one" is forbidden: User "arn:aws:sts::1:assumed-role/deploy/s" cannot patch resource "configmaps" in API group "" in the namespace "default"'
const unauthorized =
  'read the version: Unauthorized: Unauthorized\n' +
  'The cluster does not accept these credentials. If the token or certificate has expired, renew it; on EKS, give the IAM role of this job an access entry (`aws eks create-access-entry`; see https://github.com/your-org/prebake/blob/HEAD/deploy/infra/README.md).'

test.each<[title: string, arrange: () => Record<string, string> | void, expected: readonly string[]]>([
  ['no cluster', () => ({ kubeconfig: '' }), ['`kubeconfig`: is missing', '`cluster-name`']],
  ['a kubeconfig and a name', () => ({ 'cluster-name': 'demo' }), ['`cluster-name`: ', '`kubeconfig`', 'Give only one of them']],
  [
    'an empty folder',
    () => ({ manifests: 'none' }),
    ['`manifests`: `none` is a folder without YAML or JSON files', 'check out the repository first'],
  ],
  ['a folder that is not there', () => ({ manifests: 'k9s' }), ['`manifests`: `k9s` does not exist']],
  ['a file outside of the workspace', () => ({ manifests: '../secret.yaml' }), ['`manifests`: `../secret.yaml` ', 'outside the workspace']],
  [
    'a link out of the workspace',
    () => symlinkSync('../../secret.yaml', join(workspace, 'k8s/link.yaml')),
    ['`manifests`: `k8s` contains link.yaml, ', 'outside the workspace'],
  ],
  [
    'a document without kind',
    () => write('k8s/b.yaml', 'apiVersion: v1\nmetadata: { name: two }\n'),
    ['`k8s/b.yaml:1:1`: the document has no kind.'],
  ],
  [
    'two of the same name',
    () => write('k8s/b.yaml', configMap),
    ['`k8s/b.yaml:1`: ConfigMap one ', 'k8s/app.yaml:1', 'Remove one of the two.'],
  ],
  [
    'two of the same name, one with its namespace',
    () => write('k8s/b.yaml', configMap.replace('one', 'one, namespace: default')),
    ['`k8s/b.yaml:1`: ConfigMap default/one ', 'k8s/app.yaml:1'],
  ],
  [
    'an unknown kind',
    () => write('k8s/b.yaml', configMap.replace('ConfigMap', 'ConfigMab')),
    ['`k8s/b.yaml:1`: the cluster does not know `ConfigMab` of `v1`.'],
  ],
  [
    'a missing namespace',
    () => ({ namespace: 'nowhere' }),
    ['`k8s/app.yaml:1`: ConfigMap nowhere/one is refused: ', 'namespaces "nowhere" not found', 'Create the namespace first'],
  ],
  ['a token that is no longer good', () => ({ kubeconfig: anotherToken() }), [unauthorized]],
  [
    'a verb that the role lacks',
    () => {
      fault = ({ operation }) => (operation === 'apply ConfigMap default/one (dry run)' ? refusal(403, 'Forbidden', words) : undefined)
    },
    ['`k8s/app.yaml:1`: ConfigMap default/one is refused: ', words, 'verb `patch` on `configmaps` in the namespace default'],
  ],
])('%s', async (_title, arrange, expected) => {
  const { exitCode, reported, writes } = await apply({ kubeconfig: simulator.kubeconfig, ...arrange() })
  for (const text of expected) expect(reported).toContain(text)
  expect({ exitCode, writes }).toEqual({ exitCode: 1, writes: [] })
})

test('a cluster that the credentials of the job may not enter', async () => {
  const { exitCode, code, reported, writes } = await apply({ 'cluster-name': 'demo' }, { AWS_SECRET_ACCESS_KEY: 'another' })
  expect(reported).toBe(unauthorized)
  expect({ exitCode, code, writes }).toEqual({ exitCode: 1, code: 'cluster-login-refused', writes: [] })
})

test('a cluster that EKS does not have', async () => {
  const { exitCode, code, reported } = await apply({ 'cluster-name': 'demmo' })
  expect(reported).toBe(
    '`cluster-name`: there is no EKS cluster `demmo` in us-west-2 in this account. Check the name, `aws-region`, and which account the credentials belong to (`aws eks list-clusters`).',
  )
  expect({ exitCode, code }).toEqual({ exitCode: 1, code: 'cluster-not-found' })
})

test('a private endpoint', async () => {
  const hidden = await startSimulator({ rate: 300, eks: { endpoint: 'http://127.0.0.1:1', publicAccess: false } })
  try {
    const { exitCode, reported } = await apply({ 'cluster-name': 'demo' }, {}, hidden)
    expect(reported).toBe(
      'Connect to http://127.0.0.1:1: the connection was refused; its endpoint is private (EKS: endpointPublicAccess=false).\n' +
        'A hosted runner cannot reach a private endpoint: use a self-hosted runner inside the VPC, or open it to this runner (`aws eks update-cluster-config --name demo --resources-vpc-config endpointPublicAccess=true,publicAccessCidrs=<this runner’s CIDR>`).',
    )
    expect(exitCode).toBe(1)
  } finally {
    await hidden.stop()
  }
})

test('by the name of the cluster: every kind that it knows, from several documents, and the token is masked before it is used', async () => {
  write('k8s/more.yaml', `${configMap.replace('one', 'two')}---\napiVersion: v1\nkind: ServiceAccount\nmetadata: { name: three }\n`)
  const { exitCode, lines, writes } = await apply({ 'cluster-name': simulator.clusterName })
  expect(lines.filter((line) => line.startsWith('::error'))).toEqual([])
  expect(exitCode).toBe(0)
  expect(writes.map(({ operation }) => operation)).toEqual([
    'apply ConfigMap default/one',
    'apply ConfigMap default/two',
    'apply ServiceAccount default/three',
  ])
  const tokens = lines.filter((line) => line.includes('k8s-aws-v1.'))
  expect(tokens.length).toBeGreaterThan(0)
  for (const line of tokens) expect(line).toMatch(/^::add-mask::k8s-aws-v1\.[\w-]+$/)
})
