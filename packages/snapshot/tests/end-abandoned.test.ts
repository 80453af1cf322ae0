import { expect, test } from '@jest/globals'
import { ServiceError, type Reporter } from '@prebake/kernel'
import { endAbandoned } from '../src/end-abandoned.ts'
import { instance, memoryAccount, signal, steppingClock } from './memory-account.ts'

const own = { runToken: '4711-2-b@octo-org/vllm' }
const builder = (id: string, run: string, purpose = 'bake', ends = '2026-11-29T20:00:00Z') =>
  instance(id, { 'prebake:run': run, 'prebake:purpose': purpose, 'prebake:ends': ends })

async function run(account: ReturnType<typeof memoryAccount>): Promise<string[]> {
  const said: string[] = []
  const say = (line: string) => void said.push(line)
  await endAbandoned(own, { ...account, clock: steppingClock(), reporter: { notice: say, warning: say } as unknown as Reporter }, signal)
  return said
}

test('builders of earlier attempts of this run are ended at once, whatever they bake or check; those of live runs are left alone', async () => {
  const account = memoryAccount({
    instances: [
      builder('i-lost', '4711-1-a@octo-org/vllm'),
      builder('i-lost-check', '4711-1-c@octo-org/vllm', 'verify'),
      builder('i-sibling', '4711-2-c@octo-org/vllm'),
      builder('i-other-run', '4712-1-a@octo-org/vllm'),
      builder('i-other-repository', '4711-1-a@octo-org/other'),
      instance('i-foreign', { 'prebake:run': '4711-1-a@octo-org/vllm' }),
    ],
  })
  const said = await run(account)
  expect(account.alive()).toEqual(['i-sibling', 'i-other-run', 'i-other-repository', 'i-foreign'])
  expect(said).toEqual([
    'Terminated i-lost of run 4711-1-a@octo-org/vllm: an earlier attempt of this run launched it, and has ended.',
    'Terminated i-lost-check of run 4711-1-c@octo-org/vllm: an earlier attempt of this run launched it, and has ended.',
  ])
})

test('a builder that has outlived its limit is ended, whoever launched it', async () => {
  const account = memoryAccount({ instances: [builder('i-1', 'unknown', 'bake', '2026-11-29T11:59:59Z'), builder('i-2', 'unknown')] })
  expect((await run(account))[0]).toContain('its time limit ended at 2026-11-29T11:59:59Z')
  expect(account.alive()).toEqual(['i-2'])
})

test('one that may not be ended is a warning', async () => {
  const account = memoryAccount({ instances: [builder('i-1', '4711-1-a@octo-org/vllm')] }, (operation) => {
    if (operation === 'terminate') throw new ServiceError({ operation, code: 'UnauthorizedOperation', message: 'no.', status: 403 })
  })
  expect((await run(account))[0]).toMatch(/^Could not terminate i-1 .*UnauthorizedOperation/)
})
