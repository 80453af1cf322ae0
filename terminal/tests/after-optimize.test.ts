import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { takeSnapshot } from './take-snapshot.ts'
import { openTerminal, type ProgramResult, type TerminalScene } from './open-terminal.ts'

/** live-demo and teardown on a cluster that optimize-vllm has served. */
let scene: TerminalScene
beforeAll(async () => {
  // No script runs on a machine here, so time may fly.
  scene = await openTerminal({ rate: 300 })
  const snapshotId = await takeSnapshot(scene.simulator)
  const served = await scene.run('optimize-vllm', ['--yes', '--snapshot-id', snapshotId, ...scene.settings])
  if (served.exitCode !== 0) throw new Error([...served.lines, served.stderr].join('\n'))
})
afterAll(() => scene.close())

const replicas = () => (scene.simulator.kubernetes.objects('Deployment')[0] as { spec?: { replicas?: number } } | undefined)?.spec?.replicas
const text = ({ lines }: ProgramResult) => lines.join('\n')
const open = () => (JSON.parse(scene.read('.prebake.json') ?? '{}') as { open?: object }).open

test('live-demo says the five lines, target beside actual, and puts the replicas back', async () => {
  const before = replicas()
  const demo = await scene.run('live-demo', ['--yes'])
  expect(demo).toMatchObject({ exitCode: 0, stderr: '' })
  const said = demo.lines.filter((line) => line.includes('(target '))
  expect(said.map((line) => /target (\d:\d\d)/.exec(line)?.[1])).toEqual(['0:00', '0:00', '0:30', '1:30', '1:45'])
  expect(said[3]).toMatch(/^ +\d:\d\d {2}\(target 1:30\) {2}All 5 pods ready, serving requests$/)
  expect(text(demo)).toContain('These seconds are simulated')
  expect(replicas()).toBe(before)
  expect(open()).toEqual({})
})

test('Ctrl-C in the demo puts the replicas back', async () => {
  const before = replicas()
  let done = false
  const demo = await scene.run('live-demo', ['--yes'], {
    onLine: (line, pid) => {
      if (done || !line.includes('kubectl scale')) return
      done = true
      process.kill(pid, 'SIGINT')
    },
  })
  expect(demo.exitCode).toBe(130)
  expect(replicas()).toBe(before)
})

test.each([
  ['a Deployment that is not there', ['--deployment', 'nothing'], 'deployment-missing'],
  ['no more replicas than there are', ['--to', '1'], 'option-malformed'],
])('live-demo refuses %s', async (_what, args, code) => {
  expect(await scene.run('live-demo', ['--yes', ...args])).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(code) })
})

test('a demo whose pods are late says so, and puts the replicas back', async () => {
  const before = replicas()
  const late = await scene.run('live-demo', ['--yes', '--timeout', '5s'])
  expect(late).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('demo-timeout') })
  expect(replicas()).toBe(before)
})

test('teardown shows everything with its price, and a dry run deletes nothing', async () => {
  const shown = await scene.run('teardown', ['--dry-run', '--github', 'octo-org/vllm-on-eks'])
  expect(shown).toMatchObject({ exitCode: 0, stderr: '' })
  for (const words of [
    /\$\d\.\d\d a month {2}Snapshot snap-/,
    /Deployment default\/vllm/,
    /NodePool vllm/,
    /EC2NodeClass vllm-/,
    /saves at most \$\d/,
  ])
    expect(text(shown)).toMatch(words)
  expect(scene.simulator.aws.snapshots()).toHaveLength(1)
})

test('a snapshot of another repository stays', async () => {
  const shown = await scene.run('teardown', ['--dry-run', '--github', 'some/other'])
  expect(text(shown)).toMatch(/Stays, since another repository made it: snap-\w+ of octo-org\/vllm-on-eks/)
  expect(text(shown)).not.toMatch(/a month {2}Snapshot/)
})

test('teardown deletes it, workload first', async () => {
  const gone = await scene.run('teardown', ['--yes', '--github', 'octo-org/vllm-on-eks'])
  expect(gone).toMatchObject({ exitCode: 0, stderr: '' })
  for (const kind of ['Deployment', 'NodePool', 'EC2NodeClass']) expect(scene.simulator.kubernetes.objects(kind)).toEqual([])
  expect(scene.simulator.aws.snapshots()).toEqual([])
  expect(text(await scene.run('teardown', ['--yes']))).toContain('Nothing of prebake is there')
})
