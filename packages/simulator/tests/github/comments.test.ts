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

const comments = '/repos/acme/models/issues/7/comments'
const comment = (id: number) => `/repos/acme/models/issues/comments/${id}`
const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
const mutation = (classifier = 'OUTDATED') =>
  `mutation ($id: ID!) { minimizeComment(input: { subjectId: $id, classifier: ${classifier} }) { minimizedComment { isMinimized } } }`

test('a comment is written, changed and listed, and has an author', async () => {
  const { ask, github } = await start()
  const created = await ask('POST', comments, { body: 'one' }, 'token job')
  const { id } = created.body as { id: number }
  const shown = {
    id,
    body: 'one',
    user: { login: 'github-actions[bot]', type: 'Bot' },
    html_url: `https://github.com/acme/models/pull/7#issuecomment-${id}`,
    created_at: time,
    updated_at: time,
  }
  expect(created).toMatchObject({ status: 201, body: shown })
  expect(await ask('PATCH', comment(id), { body: 'two' }, 'token job')).toMatchObject({ status: 200, body: { ...shown, body: 'two' } })
  github.addComment(7, 'mona', 'three')
  expect(await ask('GET', comments, undefined, 'token fork')).toMatchObject({
    status: 200,
    body: [{ body: 'two' }, { body: 'three', user: { login: 'mona', type: 'User' } }],
  })
  expect(github.comments().map(({ issue, author, body }) => [issue, author, body])).toEqual([
    [7, 'github-actions[bot]', 'two'],
    [7, 'mona', 'three'],
  ])
})

test('a list comes 30 at a time or as many as are asked for, at most 100, and its links lead through all of it', async () => {
  const { ask, github } = await start()
  for (let index = 0; index < 250; index += 1) github.addComment(7, 'mona', String(index))
  const bodies = (answer: { body: unknown }) => (answer.body as { body: string }[]).map(({ body }) => body)
  expect(bodies(await ask('GET', comments))).toHaveLength(30)
  expect(bodies(await ask('GET', `${comments}?per_page=1000`))).toHaveLength(100)

  const seen: string[] = []
  const relations: string[][] = []
  for (let next: string | undefined = `${comments}?per_page=100`; next !== undefined;) {
    const answer = await ask('GET', next)
    seen.push(...bodies(answer))
    const link = answer.headers.get('link') ?? ''
    relations.push([...link.matchAll(/rel="(\w+)"/g)].map(([, relation = '']) => relation))
    next = /<([^>]+)>; rel="next"/.exec(link)?.[1]
  }
  expect(seen).toEqual(Array.from({ length: 250 }, (_, index) => String(index)))
  expect(relations).toEqual([
    ['next', 'last'],
    ['prev', 'next', 'last', 'first'],
    ['prev', 'first'],
  ])
})

test('a list of one page has no links', async () => {
  const { ask, github } = await start()
  github.addComment(7, 'mona', '')
  expect((await ask('GET', comments)).headers.get('link')).toBeNull()
})

const tooLong = {
  resource: 'IssueComment',
  code: 'unprocessable',
  field: 'data',
  message: 'Body is too long (maximum is 65536 characters)',
}

test.each<[string, string, string, unknown, string, number, object]>([
  ['an unknown issue', 'POST', comments.replace('7', '8'), { body: 'x' }, 'job', 404, { message: 'Not Found' }],
  ['a list of an unknown issue', 'GET', comments.replace('7', '8'), undefined, 'job', 404, { message: 'Not Found' }],
  ['an unknown comment', 'PATCH', comment(1), { body: 'x' }, 'job', 404, { message: 'Not Found' }],
  ['a token for variables', 'POST', comments, { body: 'x' }, 'good', 403, { message: 'Resource not accessible by integration' }],
  ['a token that can only read', 'POST', comments, { body: 'x' }, 'fork', 403, { message: 'Resource not accessible by integration' }],
  ['an unknown token', 'POST', comments, { body: 'x' }, 'other', 401, { message: 'Bad credentials' }],
  ['a long body', 'POST', comments, { body: 'x'.repeat(65_537) }, 'job', 422, { message: 'Validation Failed', errors: [tooLong] }],
  ['a blank body', 'POST', comments, { body: ' \n' }, 'job', 422, { errors: [{ message: 'Body cannot be blank' }] }],
  ['no body', 'POST', comments, {}, 'job', 422, { message: 'Invalid request.\n\n"body" wasn\'t supplied.' }],
  ['what is not JSON', 'POST', comments, '{', 'job', 400, { message: 'Problems parsing JSON' }],
])('%s is refused', async (_title, method, path, body, token, status, refusal) => {
  const { ask, github } = await start()
  expect(await ask(method, path, body, `token ${token}`)).toMatchObject({ status, body: refusal })
  expect(github.comments()).toEqual([])
})

test('the limit counts characters, not UTF-16 units', async () => {
  const { ask } = await start()
  expect((await ask('POST', comments, { body: '🐳'.repeat(65_536) }, 'token job')).status).toBe(201)
})

test('a token without the permission changes and hides nothing', async () => {
  const { ask, github } = await start()
  const { id } = github.addComment(7, 'github-actions[bot]', 'mine')
  const [{ node_id }] = (await ask('GET', comments)).body as [{ node_id: string }]
  expect((await ask('PATCH', comment(id), { body: 'x' }, 'token fork')).status).toBe(403)
  const hidden = await ask('POST', '/graphql', { query: mutation(), variables: { id: node_id } }, 'token fork')
  expect(hidden).toMatchObject({
    status: 200,
    body: { data: { minimizeComment: null }, errors: [{ type: 'FORBIDDEN', message: 'Resource not accessible by integration' }] },
  })
  expect(github.comments()).toMatchObject([{ body: 'mine' }])
  expect(github.comments()[0]).not.toHaveProperty('minimized')
})

test('GraphQL knows whose a token is, hides a comment, and says what it does not know', async () => {
  const { ask, github, journal } = await start()
  github.addComment(7, 'mona', 'old')
  const [{ node_id: id }] = (await ask('GET', comments)).body as [{ node_id: string }]
  const query = async (text: string, variables = {}) => (await ask('POST', '/graphql', { query: text, variables }, 'token job')).body
  expect(await query('query { viewer { login } }')).toEqual({ data: { viewer: { login: 'github-actions[bot]' } } })
  expect(await query(mutation('OLD'), { id })).toMatchObject({ errors: [{ message: expect.stringContaining('OLD') }] })
  expect(await query(mutation(), { id: 'IC_x' })).toMatchObject({ errors: [{ type: 'NOT_FOUND' }] })
  expect(github.comments()[0]?.minimized).toBeUndefined()
  expect(await query(mutation(), { id })).toEqual({ data: { minimizeComment: { minimizedComment: { isMinimized: true } } } })
  expect(github.comments()[0]?.minimized).toBe('OUTDATED')
  expect(await query('query { rateLimit { cost } }')).toMatchObject({ errors: [{ type: 'undefinedField' }] })
  expect(journal.entries().map(({ operation }) => operation)).toEqual([
    'GET /repos/{owner}/{repo}/issues/{issue_number}/comments',
    'POST /graphql viewer',
    ...Array.from({ length: 3 }, () => 'POST /graphql minimizeComment'),
    'POST /graphql',
  ])
  expect(JSON.stringify(journal.entries())).not.toMatch(/job|good/)
})
