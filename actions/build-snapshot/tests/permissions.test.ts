import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import { runStep } from '@prebake/action-kit/testing'
import { startSimulator, type Simulator } from '@prebake/simulator'

let folder: string
let simulator: Simulator
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'prebake-test-'))
  mkdirSync(join(folder, 'machines'))
})
afterEach(() => simulator.stop())
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function build(onLine: (line: string) => void = () => undefined) {
  const { main, post } = await runStep({
    action: join(import.meta.dirname, '..'),
    inputs: simulator.demoInputs,
    environment: simulator.environment,
    workspace: join(folder, 'workspace'),
    temp: folder,
    onLine,
  })
  return { ...main, post, errors: main.lines.filter((line) => line.startsWith('::error')), log: main.lines.join('\n') }
}
const operations = () => simulator.requests().map(({ operation }) => operation)
const alive = () => simulator.aws.instances().filter(({ state }) => state === 'pending' || state === 'running')
/** Whether the build came so far as to ask the hub for the model's files. */
/** Small files are read before a launch, to know which files are baked. */
const downloads = () => operations().some((operation) => operation.includes('.safetensors') && !operation.includes('.json'))

test('all that can be known before a launch is reported at once, each with its statement, and nothing is launched', async () => {
  const denied = ['ec2:DescribeInstances', 'ec2:RunInstances', 'ssm:DescribeInstanceInformation', 'ssm:GetCommandInvocation']
  simulator = await startSimulator({ folder: join(folder, 'machines'), denied })
  const { errors, exitCode } = await build()
  expect(exitCode).toBe(1)
  expect(errors).toHaveLength(1)
  for (const action of denied) expect(errors[0]).toContain(`Allow \`${action}\` for this role with the statement {`)
  expect(errors[0]).not.toContain('Encoded authorization failure message')
  expect(operations()).not.toContain('RunInstances')
})

test.each(['ec2:CreateTags', 'iam:PassRole'])('a launch that lacks %s is refused before it is made', async (action) => {
  simulator = await startSimulator({ folder: join(folder, 'machines'), denied: [action] })
  const { errors } = await build()
  expect(errors[0]).toContain(`Allow \`${action}\``)
  expect(operations()).not.toContain('RunInstances')
})

test('what only a builder can tell is known before the download, all at once; the builder is gone', async () => {
  simulator = await startSimulator({ folder: join(folder, 'machines'), denied: ['ec2:CreateSnapshot', 'ec2:StopInstances'] })
  const { errors, log } = await build()
  expect(errors).toHaveLength(1)
  for (const action of ['ec2:CreateSnapshot', 'ec2:StopInstances']) expect(errors[0]).toContain(`Allow \`${action}\``)
  expect(log).toContain(
    'not checked yet: ec2:CreateTags, ec2:DeleteSnapshot, ec2:StopInstances, ec2:TerminateInstances, ec2:CreateSnapshot',
  )
  expect(downloads()).toBe(false)
  expect(alive()).toEqual([])
})

test('a builder that may not be ended is named, with the time at which its own timer ends it', async () => {
  simulator = await startSimulator({ folder: join(folder, 'machines'), denied: ['ec2:TerminateInstances'] })
  const { errors, post } = await build()
  expect(errors[0]).toContain('Allow `ec2:TerminateInstances`')
  expect(downloads()).toBe(false)
  const [builder] = alive()
  const said = (await post?.())?.lines.join('\n') ?? ''
  expect(said).toContain(`${builder?.instanceId} (launched to bake): its timer terminates it by`)
})

test('a verdict that may not be written is known before the check; the sealed snapshot stays for the next build', async () => {
  simulator = await startSimulator({ folder: join(folder, 'machines') })
  const { errors, post } = await build((line) => {
    if (/Snapshot snap-[0-9a-f]+ of vol-/.test(line)) void simulator.aws.disturb({ kind: 'permission-lost', action: 'ec2:CreateTags' })
  })
  expect(errors[0]).toContain('Allow `ec2:CreateTags`')
  expect(operations().filter((operation) => operation === 'RunInstances')).toHaveLength(1)
  const cleaned = await post?.()
  const [snapshot] = simulator.aws.snapshots()
  expect(cleaned?.lines.join('\n')).toContain(`Kept ${snapshot?.snapshotId}`)
  expect(alive()).toEqual([])
})

test('a snapshot that post may not look up is named all the same', async () => {
  simulator = await startSimulator({ folder: join(folder, 'machines') })
  const { errors, post } = await build((line) => {
    if (/Snapshot snap-[0-9a-f]+ of vol-/.test(line))
      void simulator.aws.disturb({ kind: 'permission-lost', action: 'ec2:DescribeSnapshots' })
  })
  expect(errors[0]).toContain('perform: ec2:DescribeSnapshots')
  const cleaned = await post?.()
  const [snapshot] = simulator.aws.snapshots()
  expect(cleaned?.lines.join('\n')).toContain(`${snapshot?.snapshotId}: it is sealed and worth keeping`)
  expect(alive()).toEqual([])
})
