import { afterEach, expect, test } from '@jest/globals'
import type { RunningServer } from '../../src/core/serve.ts'
import { startGitHub } from './start-github.ts'

let server: RunningServer | undefined
afterEach(async () => server?.close())

async function start() {
  const started = await startGitHub()
  server = started.server
  return started
}

const variables = '/repos/acme/models/actions/variables'
const notFound = (anchor: string) => ({
  message: 'Not Found',
  documentation_url: `https://docs.github.com/rest/actions/variables#${anchor}`,
  status: '404',
})

test('a variable is created once, updated, read and listed, in upper case', async () => {
  const { ask, github } = await start()
  expect(await ask('GET', `${variables}/A`)).toMatchObject({ status: 404, body: notFound('get-a-repository-variable') })
  expect(await ask('PATCH', `${variables}/A`, { value: '1' })).toMatchObject({
    status: 404,
    body: notFound('update-a-repository-variable'),
  })
  expect(await ask('POST', variables, { name: 'a', value: '1' })).toMatchObject({ status: 201, body: {} })
  expect(await ask('POST', variables, { name: 'A', value: '2' })).toMatchObject({ status: 409 })
  expect(await ask('PATCH', `${variables}/a`, { value: '3' })).toMatchObject({ status: 204, body: undefined })
  const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
  const variable = { name: 'A', value: '3', created_at: time, updated_at: time }
  expect(await ask('GET', `${variables}/A`)).toMatchObject({ status: 200, body: variable })
  expect(await ask('GET', variables)).toMatchObject({ status: 200, body: { total_count: 1, variables: [variable] } })
  expect(github.variables()).toEqual({ A: '3' })
})

test('a list comes ten at a time', async () => {
  const { ask } = await start()
  for (let index = 0; index < 12; index += 1) await ask('POST', variables, { name: `V${index}`, value: '' })
  const names = async (query: string) =>
    ((await ask('GET', variables + query)).body as { variables: { name: string }[] }).variables.map(({ name }) => name)
  expect(await names('')).toHaveLength(10)
  expect(await names('?page=2')).toEqual(['V8', 'V9'])
  expect(await names('?per_page=100')).toHaveLength(12)
})

test.each([
  ['no token', '', 401, 'Bad credentials'],
  ['an unknown token', 'token other', 401, 'Bad credentials'],
  ['a token without the permission', 'Bearer job', 403, 'Resource not accessible by integration'],
  ['a token that can only read', 'Bearer fork', 403, 'Resource not accessible by integration'],
])('%s gets nothing', async (_title, authorization, status, message) => {
  const { ask, github } = await start()
  for (const [method, path, body] of [
    ['GET', variables],
    ['GET', `${variables}/A`],
    ['PATCH', `${variables}/A`, { value: '1' }],
    ['POST', variables, { name: 'A', value: '1' }],
  ] as const) {
    expect(await ask(method, path, body, authorization)).toMatchObject({ status, body: { message, status: String(status) } })
  }
  expect(github.variables()).toEqual({})
})

test.each([
  ['a name in forbidden letters', { name: 'A-B', value: '1' }, 422],
  ['a name with a digit first', { name: '1A', value: '1' }, 422],
  ["a name of GitHub's own", { name: 'GITHUB_A', value: '1' }, 422],
  ['no name', { value: '1' }, 422],
  ['no value', { name: 'A' }, 422],
  ['what is not JSON', '{', 400],
])('%s is refused', async (_title, body, status) => {
  const { ask, github } = await start()
  expect((await ask('POST', variables, body)).status).toBe(status)
  expect(github.variables()).toEqual({})
})

test('another repository and another address are not found; the case of the repository is no matter', async () => {
  const { ask } = await start()
  expect((await ask('GET', '/repos/acme/other/actions/variables')).status).toBe(404)
  expect((await ask('GET', '/user')).status).toBe(404)
  expect((await ask('DELETE', `${variables}/A`)).status).toBe(404)
  expect((await ask('GET', '/repos/Acme/Models/actions/variables')).status).toBe(200)
})

test('operations are named by route, every answer has a request ID, and no token is logged', async () => {
  const { ask, journal } = await start()
  const { headers } = await ask('PATCH', `${variables}/A`, { value: '1' })
  expect(headers.get('x-github-request-id')).toMatch(/^[0-9A-F-]{13}$/)
  await ask('GET', '/user')
  expect(journal.entries()).toMatchObject([
    {
      server: 'github',
      operation: 'PATCH /repos/{owner}/{repo}/actions/variables/{name}',
      path: `${variables}/A`,
      status: 404,
      parameters: { value: '1' },
    },
    { operation: 'GET /user', status: 404 },
  ])
  expect(JSON.stringify(journal.entries())).not.toContain('good')
})
