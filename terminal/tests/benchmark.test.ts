import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { openTerminal, type TerminalScene } from './open-terminal.ts'
import { takeSnapshot } from './take-snapshot.ts'

let scene: TerminalScene
beforeAll(async () => {
  scene = await openTerminal({ rate: 300 })
  writeFileSync(join(scene.folder, '.snapshot-id'), `${await takeSnapshot(scene.simulator)}\n`)
  writeFileSync(join(scene.folder, '.prebake.json'), JSON.stringify({ answers: { 'node-role': 'node', 'cluster-name': 'demo' } }))
})
afterAll(() => scene.close())

test('make benchmark measures with what optimize-vllm has found out, writes the report, and leaves nothing', async () => {
  const { exitCode, lines, stderr } = await scene.run('benchmark', ['--input', 'to=2'])
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  const text = lines.join('\n')
  expect(text).not.toMatch(/^::|a-token-that-opens-nothing/m)
  const report = /^report: (.*)$/m.exec(text)?.[1] ?? ''
  expect(existsSync(report)).toBe(true)
  expect(scene.simulator.kubernetes.objects('Pod')).toEqual([])
})

test('a benchmark that fails says so', async () => {
  const failed = await scene.run('benchmark', ['--deployment', 'nothing', '--input', 'candidate=in-place'])
  expect(failed).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('benchmark-failed') })
  expect(failed.lines.join('\n')).toMatch(/Error: .*nothing/)
})

test('an input that scale-benchmark does not have is refused', async () => {
  const refused = await scene.run('benchmark', ['--input', 'tu=2'])
  expect(refused).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('option-malformed') })
})
