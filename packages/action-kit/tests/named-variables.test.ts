import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { openJournal } from '../../simulator/src/core/journal.ts'
import { serve, type RunningServer } from '../../simulator/src/core/serve.ts'
import { simulatedClock } from '../../simulator/src/core/world.ts'
import { createGitHub } from '../../simulator/src/github/github-service.ts'
import { namedVariables, repositoryVariable } from '../src/index.ts'

const { signal } = new AbortController()
const journal = openJournal()
let server: RunningServer
beforeAll(async () => {
  const simulation = { clock: simulatedClock(1), journal, faultFor: () => undefined, random: () => 0 }
  const tokens = { withVariables: 'ghs_good', withoutVariables: 'ghs_job' }
  server = await serve(createGitHub(simulation, { repository: 'acme/models', tokens }).service, simulation)
})
afterAll(() => server.close())

test('all pages of variables are read, and a token without the permission is refused', async () => {
  const access = { owner: 'acme', repo: 'models', token: 'ghs_good', apiUrl: server.url }
  for (let count = 0; count < 65; count += 1) await repositoryVariable({ ...access, name: `V_${count}` }).write(`value ${count}`, signal)
  const before = journal.entries().length
  const found = await namedVariables(access, signal)
  expect(found).toHaveLength(65)
  expect(found).toContainEqual({ name: 'V_64', value: 'value 64' })
  // Three pages, and the organization's.
  expect(journal.entries().length - before).toBe(4)
  await expect(namedVariables({ ...access, token: 'ghs_job' }, signal)).rejects.toMatchObject({ errorCode: 'github-permission-missing' })
  await expect(namedVariables({ ...access, repo: 'other' }, signal)).rejects.toMatchObject({ errorCode: 'github-not-found' })
})
