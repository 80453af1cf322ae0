import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import { runStep, type PhaseResult } from '@prebake/action-kit/testing'
import { startSimulator, type Simulator } from '@prebake/simulator'

let folder: string
let simulator: Simulator
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'prebake-test-'))
  mkdirSync(join(folder, 'machines'))
})
afterEach(() => simulator.stop())
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What configure-aws-credentials leaves of the environment in its own post. */
const blank = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '', AWS_SESSION_TOKEN: '', AWS_REGION: '', AWS_DEFAULT_REGION: '' }

/** A build that is killed, as by a lost runner, at the first line that holds `at`. */
async function build(at?: string, inputs: Record<string, string> = {}) {
  let pid = 0
  return runStep({
    action: join(import.meta.dirname, '..'),
    inputs: { ...simulator.demoInputs, ...inputs },
    environment: { ...simulator.environment, HOME: folder },
    workspace: join(folder, 'workspace'),
    temp: folder,
    onStart: (started) => (pid = started),
    onLine: (line) => {
      if (at !== undefined && line.includes(at)) process.kill(pid, 'SIGKILL')
    },
  })
}
const alive = () => simulator.aws.instances().filter(({ state }) => state === 'pending' || state === 'running')
const askedOfAws = () => simulator.requests().filter(({ server }) => server === 'aws').length
const lookedFor = () => simulator.requests().filter(({ operation, status }) => operation === 'DescribeInstances' && status === 400).length
const textOf = (phase: PhaseResult | undefined) => decodeURIComponent((phase?.lines.join('\n') ?? '').replace(/%(?![0-9A-F]{2})/g, '%25'))

function expectNamed(post: PhaseResult | undefined): void {
  const [builder] = alive()
  const { instanceId = '', tags = {} } = builder ?? {}
  const text = textOf(post)
  expect(post?.exitCode).toBe(0)
  expect(post?.lines.filter((line) => line.startsWith('::warning'))).toHaveLength(1)
  for (const words of [
    `${instanceId} (launched to bake): its timer terminates it by`,
    `by ${tags['prebake:ends']} at the latest`,
    `prebake:run=${tags['prebake:run']}`,
    `aws ec2 describe-instances --region us-west-2 --filters Name=tag:prebake:run,Values=${tags['prebake:run']}`,
    `aws ec2 terminate-instances --region us-west-2 --instance-ids ${instanceId}`,
  ])
    expect(text).toContain(words)
}

test('a killed build whose post has no credentials any more: what is left is named, with the commands that find and end it', async () => {
  simulator = await startSimulator({ folder: join(folder, 'machines') })
  const { post } = await build('Launched i-')
  const before = askedOfAws()
  const cleaned = await post?.(blank)
  expectNamed(cleaned)
  expect(textOf(cleaned)).toContain('AWS credentials: none are usable')
  expect(askedOfAws()).toBe(before)
})

test('the same with credentials that have expired, which are not tried for a minute', async () => {
  simulator = await startSimulator({ folder: join(folder, 'machines') })
  const { post } = await build('Launched i-')
  await simulator.aws.disturb({ kind: 'credentials-expired' })
  const cleaned = await post?.()
  expectNamed(cleaned)
  expect(textOf(cleaned)).toContain('RequestExpired')
  expect(textOf(cleaned)).toContain('role-duration-seconds')
  // Each once, but for what the client itself repeats.
  expect(lookedFor()).toBeLessThanOrEqual(2 * 6)
})

test('a role that may not look any more still ends the instance that it knows', async () => {
  simulator = await startSimulator({ folder: join(folder, 'machines') })
  const { post } = await build('Launched i-')
  await simulator.aws.disturb({ kind: 'permission-lost', action: 'ec2:DescribeInstances' })
  const cleaned = await post?.()
  expect(textOf(cleaned)).toMatch(/Terminated i-/)
  expect(alive()).toEqual([])
  expect(textOf(cleaned)).toContain('Allow `ec2:DescribeInstances`')
})

test('after a build that came to its end, post asks AWS nothing and warns of nothing, whatever became of the credentials', async () => {
  simulator = await startSimulator({ folder: join(folder, 'machines') })
  const { main, post } = await build()
  expect(main.exitCode).toBe(0)
  const before = askedOfAws()
  const cleaned = await post?.(blank)
  expect(cleaned).toMatchObject({ exitCode: 0, lines: ['Nothing to clean up: the run has terminated what it launched.'] })
  expect(askedOfAws()).toBe(before)
})

test('after a build that failed before it launched anything neither', async () => {
  simulator = await startSimulator({ folder: join(folder, 'machines') })
  const { main, post } = await build(undefined, { model: 'missing/nothing' })
  expect(main.exitCode).toBe(1)
  expect(await post?.(blank)).toMatchObject({ exitCode: 0, lines: ['Nothing to clean up: the run has terminated what it launched.'] })
})
