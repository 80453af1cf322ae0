import { versions } from '@prebake/versions'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { runStep, type PhaseResult } from '@prebake/action-kit/testing'
import { simulatedClock, startSimulator, type Simulator } from '@prebake/simulator'
import { createHostSandbox } from '@prebake/simulator/sandbox'
import { connectAws, type AwsConnection } from '../../../packages/aws/src/index.ts'
import { startFrontOfMoto, type FrontOfMoto } from './front-of-moto.ts'
import { createMachines, type Machines } from './machines.ts'
import { account, instanceProfile, region, startMoto, type Moto } from './start-moto.ts'

/** The committed bundle against moto's EC2, SSM and ECR: a second opinion on what AWS says, beside the simulator's. Hub, registry and GitHub are the simulator's. */
const { signal } = new AbortController()
const rate = 30

let folder: string
let simulator: Simulator
let moto: Moto
let machines: Machines
let front: FrontOfMoto
let aws: AwsConnection
let environment: Record<string, string>
let built: Awaited<ReturnType<typeof build>>

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'prebake-moto-'))
  simulator = await startSimulator({ rate })
  moto = await startMoto(folder)
  const settings = { folder: join(folder, 'machines'), clock: simulatedClock(rate), bottlerocketVersion: versions.bottlerocket }
  machines = createMachines(settings.folder, (fromVolume) => createHostSandbox({ ...settings, ...(fromVolume && { fromVolume }) }))
  front = await startFrontOfMoto(moto.url, machines)
  environment = { ...simulator.environment, AWS_ENDPOINT_URL: front.url, AWS_REGION: region }
  aws = await connectAws({ region, account: { ...simulator.account, endpoint: front.url } })
  built = await build()
})

afterAll(async () => {
  await front?.stop()
  await machines?.stop()
  await moto?.stop()
  await simulator?.stop()
  rmSync(folder, { recursive: true, force: true })
})

async function step(action: string, inputs: Record<string, string>) {
  const { main, post } = await runStep({
    action: join(import.meta.dirname, '../../../actions', action),
    inputs,
    environment,
    workspace: join(folder, 'workspace'),
    temp: folder,
  })
  const cleaned = await post?.()
  return { ...main, errors: errorsOf(main), cleaned }
}
const errorsOf = ({ lines }: PhaseResult) => lines.filter((line) => line.startsWith('::error'))
const build = () => step('build-snapshot', { ...simulator.demoInputs, 'instance-profile': instanceProfile, 'volume-size': '60' })

test('a build completes, and leaves nothing running', async () => {
  expect(built).toMatchObject({ exitCode: 0, errors: [], outputs: { reused: 'false', 'snapshot-id': expect.stringMatching(/^snap-/) } })
  expect(built.cleaned).toMatchObject({ exitCode: 0 })
  expect(front.operations.filter((operation) => operation === 'RunInstances')).toHaveLength(2)
  for (const purpose of ['bake', 'verify']) expect(await aws.builders.find({ 'prebake:purpose': purpose }, signal)).toEqual([])
  expect(machines.running()).toEqual([])
})

test('moto has the snapshot, with its size and every tag', async () => {
  const { outputs } = built
  const manifest = JSON.parse(readFileSync(outputs['manifest'] ?? '', 'utf8')) as {
    images: { name: string; tag: string; digest: string }[]
  }
  const [image] = manifest.images
  const snapshot = await aws.snapshots.get(outputs['snapshot-id'] ?? '', signal)
  expect(snapshot).toMatchObject({ state: 'completed', volumeSizeGiB: 60 })
  expect(snapshot?.tags).toEqual({
    Name: 'prebake TheBloke/Mistral-7B-Instruct-v0.2-AWQ',
    'prebake:run': expect.stringMatching(/^local-1-.*@octo-org\/vllm-on-eks$/),
    'prebake:fingerprint': outputs['fingerprint'],
    'prebake:model': 'TheBloke/Mistral-7B-Instruct-v0.2-AWQ',
    'prebake:revision': outputs['model-revision'],
    'prebake:architecture': 'x86_64',
    'prebake:bottlerocket': versions.bottlerocket,
    'prebake:kubernetes': versions.kubernetes,
    'prebake:containerd': '2.1.6',
    'prebake:model-path': outputs['model-path'],
    'prebake:image-1': outputs['image-digests'],
    'prebake:image-1-tag': image?.tag,
    'prebake:verified': 'quick',
  })
})

test('a second build is that snapshot, and launches nothing', async () => {
  const before = front.operations.filter((operation) => operation === 'RunInstances').length
  const again = await build()
  expect(again).toMatchObject({ errors: [], outputs: { ...built.outputs, manifest: expect.any(String), reused: 'true' } })
  expect(front.operations.filter((operation) => operation === 'RunInstances')).toHaveLength(before)
})

test('publish-snapshot writes variable and file, and a second time nothing', async () => {
  const snapshotId = built.outputs['snapshot-id'] ?? ''
  const inputs = { 'snapshot-id': snapshotId, 'variable-token': simulator.variableToken }
  expect(await step('publish-snapshot', inputs)).toMatchObject({ errors: [], outputs: { changed: 'true', 'previous-snapshot-id': '' } })
  expect(simulator.variables()).toEqual({ VLLM_SNAPSHOT_ID: snapshotId })
  expect(readFileSync(join(folder, 'workspace/.snapshot-id'), 'utf8')).toBe(`${snapshotId}\n`)
  expect((await step('publish-snapshot', inputs)).outputs['changed']).toBe('false')
})

test('a snapshot that moto does not know is refused', async () => {
  const { errors } = await step('publish-snapshot', { 'snapshot-id': 'snap-00000000000000000', 'variable-scope': 'none' })
  expect(errors[0]).toContain('does not exist in this region and account')
})

test('moto’s ECR gives a login for its account’s registry', async () => {
  const login = await aws.ecrLogin(`${account}.dkr.ecr.${region}.amazonaws.com`, signal)
  expect(login).toEqual({ username: 'AWS', password: expect.stringMatching(/auth-token$/) })
})
