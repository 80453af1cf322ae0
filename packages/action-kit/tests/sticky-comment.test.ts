import { afterEach, expect, test } from '@jest/globals'
import { CancelledError, ServiceError } from '@prebake/kernel'
import { scriptFaults, type Fault } from '../../simulator/src/core/faults.ts'
import { openJournal } from '../../simulator/src/core/journal.ts'
import { serve, type RunningServer } from '../../simulator/src/core/serve.ts'
import { simulatedClock } from '../../simulator/src/core/world.ts'
import { createGitHub } from '../../simulator/src/github/github-service.ts'
import { stickyComment } from '../src/index.ts'

const servers: RunningServer[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

const never = new AbortController().signal
const tokens = { withVariables: 'ghs_good', withoutVariables: 'ghs_job', readOnly: 'ghs_fork' }
const bot = 'github-actions[bot]'
const line = '<!-- acme/models/bench -->'

async function start({ faults = [], token = 'ghs_job', issue = 7, marker = 'acme/models/bench', ...rest }: Options = {}) {
  const journal = openJournal()
  const simulation = { clock: simulatedClock(1), journal, faultFor: scriptFaults(faults), random: () => 0 }
  const github = createGitHub(simulation, { repository: 'acme/models', tokens, issues: [7, 9] })
  const server = await serve(github.service, simulation)
  servers.push(server)
  const comment = stickyComment({ owner: 'acme', repo: 'models', issue, marker, token, apiUrl: server.url, retryPauseMs: 2, ...rest })
  const requests = () => journal.entries().map(({ operation, status }) => `${operation.replace('/repos/{owner}/{repo}', '')} ${status}`)
  const bodies = () => github.comments().map(({ body }) => body)
  return { comment, github, requests, bodies, journal }
}

interface Options {
  readonly faults?: Fault[]
  readonly token?: string
  readonly issue?: number
  readonly marker?: string
  readonly runUrl?: string
}

const viewer = 'POST /graphql viewer 200'
const list = 'GET /issues/{issue_number}/comments 200'
const create = 'POST /issues/{issue_number}/comments 201'
const update = 'PATCH /issues/comments/{comment_id} 200'
const hide = 'POST /graphql minimizeComment 200'

async function refusal(work: Promise<unknown>): Promise<ServiceError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof ServiceError)) throw new Error('No ServiceError was thrown.', { cause: error })
  return error
}

test('a comment is created, then left as it is, then updated in its place', async () => {
  const { comment, bodies, github, requests } = await start()
  github.addComment(7, 'mona', 'Nice.')
  const first = await comment.upsert('slow\n', never)
  expect(first).toEqual({ url: expect.stringMatching(/\/acme\/models\/pull\/7#issuecomment-\d+$/), action: 'created' })
  expect(await comment.upsert('slow', never)).toEqual({ ...first, action: 'unchanged' })
  expect(await comment.upsert('fast', never)).toEqual({ ...first, action: 'updated' })
  expect(bodies()).toEqual(['Nice.', `${line}\nfast`])
  expect(requests()).toEqual([viewer, list, create, viewer, list, viewer, list, update])
})

test('text that only differs in line ends is the same', async () => {
  const { comment, github } = await start()
  github.addComment(7, bot, `${line}\r\na\r\nb\r\n`)
  expect(await comment.upsert('a\nb', never)).toMatchObject({ action: 'unchanged' })
})

test.each([
  ['a person who planted the marker', 'mallory', `${line}\nclick here`],
  ['another app', 'other-app[bot]', `${line}\nbench`],
  ['an account that is called as the bot is', 'github-actions', `${line}\nbench`],
  ['ourselves, under another marker', bot, '<!-- acme/models/bench:large -->\nbench'],
  ['ourselves, with the marker further down', bot, `Look:\n${line}\nbench`],
])('a comment by %s is not touched', async (_title, author, body) => {
  const { comment, github, requests } = await start()
  github.addComment(7, author, body)
  expect(await comment.upsert('mine', never)).toMatchObject({ action: 'created' })
  expect(github.comments()).toMatchObject([
    { author, body },
    { author: bot, body: `${line}\nmine` },
  ])
  expect(github.comments()[0]).not.toHaveProperty('minimized')
  expect(requests()).toEqual([viewer, list, create])
})

test('the comment on another issue is another comment', async () => {
  const { comment, github } = await start()
  github.addComment(9, bot, `${line}\nmine`)
  expect(await comment.upsert('mine', never)).toMatchObject({ action: 'created' })
})

test('a comment among more than 200 is found, on whichever page', async () => {
  for (const position of [0, 99, 100, 230]) {
    const { comment, github, requests } = await start()
    for (let index = 0; index < 231; index += 1) {
      github.addComment(7, index === position ? bot : 'mona', index === position ? `${line}\nold` : `Comment ${index}`)
    }
    expect(await comment.upsert('new', never)).toMatchObject({ action: 'updated' })
    expect(github.comments()[position]?.body).toBe(`${line}\nnew`)
    expect(github.comments()).toHaveLength(231)
    expect(requests()).toEqual([viewer, list, list, list, update])
  }
})

test('of several the oldest is kept, and the others are hidden as outdated', async () => {
  const { comment, github, requests } = await start()
  github.addComment(7, 'mallory', `${line}\nplanted`)
  const { id } = github.addComment(7, bot, `${line}\nfirst`)
  github.addComment(7, bot, `${line}\nsecond`)
  github.addComment(7, bot, `${line}\nthird`)
  const { url, action } = await comment.upsert('new', never)
  expect([url.endsWith(`#issuecomment-${id}`), action]).toEqual([true, 'updated'])
  expect(github.comments().map(({ body, minimized }) => [body.split('\n')[1], minimized])).toEqual([
    ['planted', undefined],
    ['new', undefined],
    ['second', 'OUTDATED'],
    ['third', 'OUTDATED'],
  ])
  expect(requests()).toEqual([viewer, list, update, hide, hide])
})

test('a text that is too long is shortened, when created and when updated, and is then the same again', async () => {
  const { comment, github } = await start({ runUrl: 'https://github.com/acme/models/actions/runs/1' })
  const long = (title: string) => `${title}\n\n<details>\n${'🐳'.repeat(40_000)}\n</details>`
  const shortened = (title: string) =>
    `${line}\n${title}\n\n_Truncated to fit into a comment. The full text is in the [job summary](https://github.com/acme/models/actions/runs/1)._`
  expect(await comment.upsert(long('slow'), never)).toMatchObject({ action: 'created' })
  expect(github.comments()[0]?.body).toBe(shortened('slow'))
  expect(await comment.upsert(long('slow'), never)).toMatchObject({ action: 'unchanged' })
  expect(await comment.upsert(long('fast'), never)).toMatchObject({ action: 'updated' })
  expect(github.comments()[0]?.body).toBe(shortened('fast'))
})

test.each<[string, Options, string, number | undefined, string, RegExp]>([
  ['a token of a fork', { token: 'ghs_fork' }, 'Comment on', 403, 'Resource not accessible by integration', /`pull-requests: write`.*fork/],
  [
    'an unknown issue',
    { issue: 8 },
    'List the comments on',
    404,
    'Not Found',
    /^There is no issue or pull request #8 of acme\/models, .*`pull-requests: write`/,
  ],
  [
    'a wrong token',
    { token: 'ghs_old' },
    'Get the login of the token',
    401,
    'Bad credentials',
    /^The token is wrong or has expired\. .*`pull-requests: write`/,
  ],
  ['a fault of GitHub', { faults: [fault('POST /repos', 502)] }, 'Comment on', 502, 'faulty', /githubstatus/],
  ['a broken connection', { faults: [{ ...fault('POST /repos', 0), effect: { kind: 'reset' } }] }, 'Comment on', undefined, '', /proxy/],
])('%s is reported in GitHub’s words, after one try', async (_title, options, operation, status, words, hint) => {
  const { comment, bodies, requests } = await start(options)
  const error = await refusal(comment.upsert('mine', never))
  expect(error.operation).toBe(operation.endsWith('on') ? `${operation} #${options.issue ?? 7} of acme/models` : operation)
  expect(error.status).toBe(status)
  expect(error.message).toContain(`: ${status ?? 'no response'}: ${words}`)
  expect(error.hint).toMatch(hint)
  expect(bodies()).toEqual([])
  expect(new Set(requests()).size).toBe(requests().length)
})

test('a refusal inside of GraphQL’s 200 is reported as one, after the comment was written', async () => {
  // The second run meets a token that lost its permission between the two requests, as far as the simulator can play it.
  const { comment, github } = await start({ token: 'ghs_fork' })
  github.addComment(7, bot, `${line}\nsame`)
  github.addComment(7, bot, `${line}\nsecond`)
  const error = await refusal(comment.upsert('same', never))
  expect(error.message).toMatch(
    /^Hide a second comment on #7 of acme\/models: 403: Resource not accessible by integration \(request [0-9A-F-]+\)$/,
  )
  expect(error.status).toBe(403)
  expect(error.hint).toMatch(/`pull-requests: write`/)
})

test('a marker that would end its own comment is refused', async () => {
  await expect(start({ marker: 'a --> b' })).rejects.toThrow(RangeError)
  await expect(start({ marker: 'a\nb' })).rejects.toThrow(RangeError)
})

test('a comment whose answer was lost is found the next time', async () => {
  const { comment, bodies } = await start({ faults: [{ ...fault('POST /repos', 0), effect: { kind: 'reset', after: true } }] })
  expect((await refusal(comment.upsert('mine', never))).code).toBe('no response')
  expect(await comment.upsert('mine', never)).toMatchObject({ action: 'unchanged' })
  expect(bodies()).toEqual([`${line}\nmine`])
})

test('what can be repeated is tried again: whose token it is, the list, an update, hiding; a new comment is not', async () => {
  const { comment, github, requests } = await start({
    faults: [fault('POST /graphql viewer', 502), fault('GET', 503), fault('PATCH', 500), fault('POST /graphql minimizeComment', 502)],
  })
  github.addComment(7, bot, `${line}\nfirst`)
  github.addComment(7, bot, `${line}\nsecond`)
  expect(await comment.upsert('new', never)).toMatchObject({ action: 'updated' })
  const failed = (request: string, status: number) => request.replace(/\d+$/, String(status))
  const pairs = [
    [viewer, 502],
    [list, 503],
    [update, 500],
    [hide, 502],
  ] as const
  expect(requests()).toEqual(pairs.flatMap(([request, status]) => [failed(request, status), request]))
})

test('a cancel ends a request that hangs, on any page', async () => {
  const { comment, github, requests } = await start({ faults: [{ ...fault('GET', 0), from: 2, effect: { kind: 'hang' } }] })
  for (let index = 0; index < 101; index += 1) github.addComment(7, 'mona', 'x')
  const controller = new AbortController()
  const writing = comment.upsert('mine', controller.signal)
  const looking = setInterval(() => requests().length > 2 && controller.abort(), 5)
  await expect(writing.finally(() => clearInterval(looking))).rejects.toThrow(CancelledError)
  expect(requests().at(-1)).toBe('GET /issues/{issue_number}/comments 0')
})

test('after a cancel nothing is asked, and no token is in the journal', async () => {
  const { comment, requests, journal } = await start()
  await expect(comment.upsert('mine', AbortSignal.abort())).rejects.toThrow(CancelledError)
  expect(requests()).toEqual([])
  await comment.upsert('mine', never)
  expect(JSON.stringify(journal.entries())).not.toContain('ghs_')
})

function fault(operation: string, status: number): Fault {
  return { server: 'github', operation, effect: { kind: 'error', status, code: '', message: 'faulty' } }
}
