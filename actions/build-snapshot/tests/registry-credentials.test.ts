import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { runStep } from '@prebake/action-kit/testing'
import { startSimulator, type Simulator } from '@prebake/simulator'

let simulator: Simulator
let folder: string
beforeAll(async () => {
  simulator = await startSimulator()
  folder = mkdtempSync(join(tmpdir(), 'prebake-test-'))
})
afterAll(async () => {
  await simulator.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** A build of the registry's private image. */
async function build(credentials: string | undefined) {
  const { main } = await runStep({
    action: join(import.meta.dirname, '..'),
    inputs: {
      ...simulator.demoInputs,
      images: `${new URL(simulator.endpoints.registry).host}/prebake-examples/private:v1`,
      ...(credentials === undefined ? {} : { 'registry-credentials': credentials }),
    },
    environment: simulator.environment,
    workspace: join(folder, 'workspace'),
    temp: folder,
  })
  return { ...main, errors: main.lines.filter((line) => line.startsWith('::error')) }
}
const registry = () => new URL(simulator.endpoints.registry).host
const launches = () => simulator.requests().filter(({ operation }) => operation === 'RunInstances')

test.each<[string, () => string | undefined, readonly string[]]>([
  ['no credentials', () => undefined, ['`images`', 'give `registry-credentials` for 127.0.0.1']],
  [
    'wrong ones',
    () => JSON.stringify({ [registry()]: { username: 'robot', password: 'guessed-one' } }),
    ['`registry-credentials`', 'cannot read'],
  ],
  ['what is no JSON', () => 'robot:guessed-one', ['`registry-credentials`: is not valid JSON', '{"ghcr.io"']],
])('with %s: one clear error, no word of them, and nothing is created', async (_title, credentials, words) => {
  const { exitCode, errors, lines } = await build(credentials())
  expect(exitCode).toBe(1)
  expect(errors).toHaveLength(1)
  for (const word of words) expect(errors[0]).toContain(word)
  expect(lines.filter((line) => line.includes('guessed-one') && !line.startsWith('::add-mask::'))).toEqual([])
  expect(launches()).toEqual([])
})

test('a private image is baked with docker’s config; the password is masked, and in no command', async () => {
  const { username, password } = simulator.registryLogin
  const pair = Buffer.from(`${username}:${password}`).toString('base64')
  const { errors, outputs, lines } = await build(JSON.stringify({ auths: { [registry()]: { auth: pair } } }))
  expect(errors).toEqual([])
  expect(outputs).toMatchObject({ reused: 'false', 'snapshot-id': expect.stringMatching(/^snap-/) })
  const masked = lines.filter((line) => line.startsWith('::add-mask::')).map((line) => line.slice('::add-mask::'.length))
  expect(masked).toEqual(expect.arrayContaining([password, pair]))
  // GitHub drops a job output that contains one.
  for (const secret of masked) expect(JSON.stringify(outputs)).not.toContain(secret)
  const shown = lines.filter((line) => !line.startsWith('::add-mask::')).join('\n')
  const commands = JSON.stringify(simulator.requests().filter(({ operation }) => operation === 'SendCommand'))
  const decoded = [...commands.matchAll(/[A-Za-z0-9+/=]{200,}/g)].map(([word]) => Buffer.from(word, 'base64').toString('latin1')).join('\n')
  for (const text of [shown, commands, decoded]) for (const secret of [password, pair]) expect(text).not.toContain(secret)
  expect(commands).toContain('run start.sh')
  expect(decoded).toContain('open_envelope()')
}, 120_000)
