import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'

function run(program: string, args: readonly string[]) {
  const env = { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', NO_COLOR: '1', AWS_EC2_METADATA_DISABLED: 'true' }
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, '..', program), ...args], {
    encoding: 'utf8',
    env,
  })
  return { status, stdout, stderr }
}

test('plan predicts at a terminal, without an account', () => {
  const { status, stdout } = run('plan.ts', ['--model-gb', '4.2', '--target-seconds', '200'])
  expect(status).toBe(0)
  expect(stdout).toContain('pod created → Ready')
})

test.each([
  ['plan.ts', ['--model-gb', '0', '--bake', 'all'], ['model-gb', 'bake']],
  ['prune.ts', ['--keep', '0', '--older-than', 'x'], ['keep', 'older-than']],
  ['diagnose.ts', ['--namespace', 'A', '--deployment', 'B'], ['namespace', 'deployment']],
  ['prune.ts', ['--files', '../x'], ['aws-region', 'files']],
])('%s %j: all that is wrong is reported at once', (program, args, inputs) => {
  const { status, stderr } = run(program, args)
  expect(status).toBe(2)
  for (const input of inputs) expect(stderr).toContain(`\`${input}\``)
})
