import { spawn, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { connectInfra } from '../../../packages/aws/src/index.ts'
import { startSimulator, type Simulator } from '@prebake/simulator'
import { venv } from '../prepare.ts'
import { account, region, startMoto, type Moto } from './start-moto.ts'

/** `make setup-infra` against moto's CloudFormation, EKS, IAM and STS. eksctl is a stand-in, and the cluster's API server the simulator's. */
const { signal } = new AbortController()
const root = join(import.meta.dirname, '../../..')

let folder: string
let moto: Moto
let simulator: Simulator
let environment: Record<string, string>
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'prebake-terminal-'))
  // The profile of the template must not be there yet.
  moto = await startMoto(folder, { profile: 'another-profile' })
  simulator = await startSimulator({ rate: 300 })
  cpSync(join(root, 'deploy'), join(folder, 'deploy'), { recursive: true })
  const tools = join(folder, 'tools')
  mkdirSync(tools)
  symlinkSync(process.execPath, join(tools, 'node'))
  cpSync(join(import.meta.dirname, 'tools/eksctl.js'), join(tools, 'eksctl'))
  writeFileSync(join(tools, 'package.json'), '{"type":"module"}')
  writeFileSync(join(tools, 'kubectl'), '#!/bin/sh\necho "Client Version: v1.35.2"\n', { mode: 0o755 })
  const kubeconfig = join(folder, 'real-kubeconfig')
  writeFileSync(kubeconfig, simulator.kubeconfig)
  const { PREBAKE_CLOCK_RATE = '', PREBAKE_CLOCK_ORIGIN = '' } = simulator.environment
  environment = {
    PATH: `${tools}:/usr/bin:/bin`,
    HOME: folder,
    AWS_ENDPOINT_URL: moto.url,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    KUBECONFIG: join(folder, 'kubeconfig'),
    REAL_KUBECONFIG: kubeconfig,
    EKSCTL_LOG: join(folder, 'eksctl.log'),
    FAIL_ONCE: join(folder, 'failed-once'),
    ...(await network()),
    PREBAKE_CLOCK_RATE,
    PREBAKE_CLOCK_ORIGIN,
  }
})
afterAll(async () => {
  await simulator?.stop()
  await moto?.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** moto's default VPC, and two subnets of it. */
async function network(): Promise<{ readonly SUBNETS: string; readonly VPC: string }> {
  const answer = await ask('ec2', { Action: 'DescribeSubnets', Version: '2016-11-15' })
  const all = (name: string) => [...answer.matchAll(new RegExp(`<${name}>([\\w-]+)<`, 'g'))].map(([, id]) => id ?? '')
  return { SUBNETS: all('subnetId').slice(0, 2).join(','), VPC: all('vpcId')[0] ?? '' }
}

async function ask(service: string, form: Record<string, string>): Promise<string> {
  const authorization = `AWS4-HMAC-SHA256 Credential=a/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=a`
  return (await fetch(moto.url, { method: 'POST', headers: { authorization }, body: new URLSearchParams(form) })).text()
}
const iam = (Action: string, more: Record<string, string>) => ask('iam', { Action, Version: '2010-05-08', ...more })

async function setUp(...args: readonly string[]) {
  const child = spawn(process.execPath, [join(root, 'terminal/setup-infra.ts'), '--infra-only', '--github', 'octo-org/vllm', ...args], {
    cwd: folder,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (more: string) => (text += more))
  const exitCode = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { exitCode, text }
}
const log = () => (existsSync(environment['EKSCTL_LOG'] ?? '') ? readFileSync(environment['EKSCTL_LOG'] ?? '', 'utf8') : '')

test('cfn-lint finds nothing wrong with the template', () => {
  const { status, stdout } = spawnSync(join(venv, 'bin/cfn-lint'), [join(root, 'deploy/infra/prebake.yaml')], { encoding: 'utf8' })
  expect({ status, stdout }).toEqual({ status: 0, stdout: '' })
})

test('a dry run shows account, cost and what would be made, and makes nothing', async () => {
  const { exitCode, text } = await setUp('--dry-run')
  expect({ exitCode, text }).toMatchObject({ exitCode: 0 })
  for (const words of [
    `Account   ${account}`,
    'Cluster   prebake is made',
    'Stack     prebake is made',
    /\$ +\d+ a month {2}in sum/,
    'nothing was changed',
  ])
    expect(text).toMatch(words)
  expect(log().trim()).toBe('version')
  expect(
    await (await connectInfra({ region, env: environment, account: credentials() })).stacks.describe('prebake', signal),
  ).toBeUndefined()
})

test('where eksctl fails, its words are shown, and the next run goes on', async () => {
  const failed = await setUp('--yes')
  expect(failed).toMatchObject({ exitCode: 1, text: expect.stringContaining('tool-failed') })
  expect(failed.text).toContain('AccessDenied')
  const { exitCode, text } = await setUp('--yes')
  expect({ exitCode, text }).toMatchObject({ exitCode: 0 })
  expect(log()).toMatch(/karpenter\.sh\/discovery: prebake/)
  expect(text).toContain("gh variable set PREBAKE_BUILD_ROLE --repo octo-org/vllm --body 'arn:aws:iam::123456789012:role/prebake-build'")
})

test('moto has the roles with the policies of iam/, the profile, and the group without a way in', async () => {
  const policyOf = async (RoleName: string) => {
    const answer = await iam('GetRolePolicy', { RoleName, PolicyName: 'prebake' })
    // moto keeps what the template has as Python writes it.
    const document = decodeURIComponent(/<PolicyDocument>(.*)<\/PolicyDocument>/s.exec(answer)?.[1] ?? '{}')
      .replaceAll('&quot;', '"')
      .replaceAll('&#39;', "'")
    return JSON.parse(document.startsWith("{'") ? document.replaceAll("'", '"') : document) as unknown
  }
  const expected = (name: string) =>
    JSON.parse(
      readFileSync(join(root, 'deploy/infra/iam', `${name}.json`), 'utf8')
        .replaceAll('ACCOUNT_ID', account)
        .replaceAll('CLUSTER_NAME', 'prebake'),
    ) as unknown
  expect(await policyOf('prebake-build')).toEqual(expected('build-role'))
  expect(await policyOf('prebake-deploy')).toEqual(expected('deploy-role'))
  expect(await iam('GetInstanceProfile', { InstanceProfileName: 'prebake-builder' })).toContain('<RoleName>prebake-builder</RoleName>')
  const { stacks } = await connectInfra({ region, env: environment, account: credentials() })
  const { outputs = {} } = (await stacks.describe('prebake', signal)) ?? {}
  const group = await ask('ec2', { Action: 'DescribeSecurityGroups', Version: '2016-11-15', 'GroupId.1': outputs['SecurityGroup'] ?? '' })
  expect(group).toMatch(/<ipPermissions\/>|<ipPermissions>\s*<\/ipPermissions>/)
  expect(JSON.stringify(simulator.kubernetes.objects('ClusterRoleBinding'))).toContain('prebake-deploy')
})

test('a further run makes nothing again', async () => {
  const before = log()
  const { exitCode, text } = await setUp('--yes')
  expect({ exitCode, text }).toMatchObject({ exitCode: 0 })
  expect(log().slice(before.length)).not.toContain('create')
  expect(text).toMatch(/Cluster {3}prebake is there/)
})

const credentials = () => ({ endpoint: moto.url, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } })
