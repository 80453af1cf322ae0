import { readFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { startSimulator, type Simulator } from '../../src/index.ts'
import { launchWith } from './launch.ts'
import { query, ssm } from './start-aws.ts'

let folder: string
let simulator: Simulator
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'prebake-simulator-test-'))
  simulator = await startSimulator({ rate: 200, journalFile: join(folder, 'requests.jsonl') })
})
afterEach(async () => {
  await simulator.stop()
  await rm(folder, { recursive: true, force: true })
})

const pause = () => new Promise((resolve) => setTimeout(resolve, 10))

/** Looks every ten milliseconds; the limit is the test's own. */
async function eventually<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const seen = await look()
    if (seen !== undefined) return seen
    await pause()
  }
}

test('one journal holds the requests of all servers', async () => {
  const { aws, hub, registry, github } = simulator.endpoints
  await query(aws, 'DescribeVpcs')
  await fetch(`${hub}/api/models/TheBloke/Mistral-7B-Instruct-v0.2-AWQ`)
  await fetch(`${registry}/v2/`)
  await fetch(`${github}/repos/octo-org/vllm-on-eks/actions/variables/X`)
  expect(simulator.requests().map(({ server, status }) => [server, status])).toEqual([
    ['aws', 200],
    ['hub', 200],
    ['registry', 401],
    ['github', 401],
  ])
  const lines = (await readFile(join(folder, 'requests.jsonl'), 'utf8')).trimEnd().split('\n')
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(simulator.requests())
})

test("a command runs in the instance's sandbox, and its files are restored from a snapshot", async () => {
  const url = simulator.endpoints.aws
  const start = async (changes: Record<string, string>) =>
    /<instanceId>(.*?)</.exec((await query(url, 'RunInstances', launchWith(changes))).body)?.[1] ?? ''
  const run = async (instanceId: string, script: string) => {
    const input = {
      DocumentName: 'AWS-RunShellScript',
      InstanceIds: [instanceId],
      Parameters: { commands: [`apiclient exec -T admin bash -c '${script}'`] },
    }
    return eventually(async () => {
      const { body } = await ssm(url, 'SendCommand', input)
      const command = body['Command'] as { CommandId: string } | undefined
      if (command === undefined) return undefined
      const ended = await eventually(async () => {
        const seen = (await ssm(url, 'GetCommandInvocation', { InstanceId: instanceId, CommandId: command.CommandId })).body
        return ['Success', 'Failed'].includes(seen['Status'] as string) ? seen : undefined
      })
      return ended['Status'] === 'Success' ? (ended['StandardOutputContent'] as string) : undefined
    })
  }

  const baker = await start({ ClientToken: 'bake' })
  await run(baker, 'mkdir -p $PREBAKE_HOST_ROOT/mnt/models; echo weights > $PREBAKE_HOST_ROOT/mnt/models/model')
  const data = simulator.aws.volumes().find(({ deviceName }) => deviceName === '/dev/xvdb')
  await query(url, 'CreateSnapshot', { VolumeId: data?.volumeId ?? '' })
  await query(url, 'TerminateInstances', { 'InstanceId.1': baker })
  const snapshot = await eventually(async () => simulator.aws.snapshots().find(({ state }) => state === 'completed'))

  const checker = await start({ ClientToken: 'check', 'BlockDeviceMapping.1.Ebs.SnapshotId': snapshot.snapshotId })
  expect(await run(checker, 'cat $PREBAKE_HOST_ROOT/mnt/models/model')).toBe('weights\n')
})
