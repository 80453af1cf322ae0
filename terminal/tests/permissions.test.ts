import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { demandsOf } from '../../scripts/tests/infra/demands-of.ts'
import { actionsOf, type Policy } from '../../scripts/tests/infra/judge-iam.ts'
import { openTerminal, type TerminalScene } from './open-terminal.ts'
import { takeSnapshot } from './take-snapshot.ts'

/** deploy/infra/README.md tells a reader which rights of her own each program needs, beside the policies: that is held to what they ask AWS for. */
const infra = join(import.meta.dirname, '../../deploy/infra')
let scene: TerminalScene
beforeAll(async () => {
  scene = await openTerminal({ rate: 300 })
})
afterAll(() => scene.close())

const policies = ['build-role', 'deploy-role'].flatMap((name) =>
  actionsOf(JSON.parse(readFileSync(join(infra, 'iam', `${name}.json`), 'utf8')) as Policy),
)
/** What the row of a program names, `ec2:DescribeVolumes`. */
function documented(program: string): readonly string[] {
  const row = readFileSync(join(infra, 'README.md'), 'utf8')
    .split('\n')
    .find((line) => line.startsWith(`| \`${program}\` |`))
  return [...(row ?? '').matchAll(/`(\w+:\w+)`/g)].map(([, action = '']) => action)
}

async function actionsAskedBy(program: string, args: readonly string[]): Promise<ReadonlySet<string>> {
  const before = scene.simulator.requests().length
  const { exitCode, lines, stderr } = await scene.run(program, args)
  if (exitCode !== 0) throw new Error([...lines, stderr].join('\n'))
  const sent = scene.simulator.requests().slice(before)
  const account = { region: 'us-west-2', accountId: '123456789012', role: 'prebake-builder', tagsOf: () => ({}) }
  return new Set(
    sent.filter(({ server }) => server === 'aws').flatMap((request) => demandsOf(request, account).map(({ action }) => action)),
  )
}

test('optimize-vllm asks for nothing but what the policies and its row name', async () => {
  const snapshotId = await takeSnapshot(scene.simulator)
  const asked = await actionsAskedBy('optimize-vllm', ['--yes', '--snapshot-id', snapshotId, ...scene.settings])
  expect(asked).toContain('ec2:DescribeSnapshots')
  expect([...asked].filter((action) => ![...policies, ...documented('optimize-vllm')].includes(action))).toEqual([])
})

test('doctor asks for nothing but reads that the policies and its row name', async () => {
  const asked = await actionsAskedBy('doctor', ['--json'])
  expect(asked).toContain('ec2:DescribeVolumes')
  expect([...asked].filter((action) => ![...policies, ...documented('doctor')].includes(action))).toEqual([])
  expect([...asked].filter((action) => !/:(Describe|Get|List)/.test(action))).toEqual([])
})
