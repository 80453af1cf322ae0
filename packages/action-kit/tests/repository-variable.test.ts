import { afterEach, expect, test } from '@jest/globals'
import { CancelledError, documentLink, onRequest, ServiceError, type SentRequest } from '@prebake/kernel'
import { scriptFaults, type Fault } from '../../simulator/src/core/faults.ts'
import { openJournal } from '../../simulator/src/core/journal.ts'
import { serve, type RunningServer } from '../../simulator/src/core/serve.ts'
import { simulatedClock } from '../../simulator/src/core/world.ts'
import { createGitHub } from '../../simulator/src/github/github-service.ts'
import { repositoryVariable } from '../src/index.ts'

const servers: RunningServer[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

const never = new AbortController().signal
const tokens = { withVariables: 'ghs_good', withoutVariables: 'ghs_job' }

interface Options {
  readonly faults?: Fault[]
  readonly token?: string
  readonly repo?: string
  readonly retryPauseMs?: number
}

async function start({ faults = [], token = 'ghs_good', repo = 'models', retryPauseMs = 2 }: Options = {}) {
  const journal = openJournal()
  const simulation = { clock: simulatedClock(1), journal, faultFor: scriptFaults(faults), random: () => 0 }
  const github = createGitHub(simulation, { repository: 'acme/models', tokens })
  const server = await serve(github.service, simulation)
  servers.push(server)
  const variable = repositoryVariable({ owner: 'acme', repo, name: 'VLLM_SNAPSHOT_ID', token, apiUrl: server.url, retryPauseMs })
  const requests = () => journal.entries().map(({ method, status }) => `${method} ${status}`)
  return { variable, github, requests, journal }
}

function fault(operation: string, status: number, message = 'faulty'): Fault {
  return { server: 'github', operation, effect: { kind: 'error', status, code: '', message } }
}

async function refusal(work: Promise<unknown>): Promise<ServiceError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof ServiceError)) throw new Error('No ServiceError was thrown.', { cause: error })
  return error
}

test('a variable that is not there is undefined; written it is created, written again it is updated', async () => {
  const { variable, github, requests } = await start()
  expect(variable.title).toBe('repository variable VLLM_SNAPSHOT_ID')
  expect(await variable.read(never)).toBeUndefined()
  await variable.write('snap-1', never)
  expect(await variable.read(never)).toBe('snap-1')
  await variable.write('snap-2', never)
  expect(github.variables()).toEqual({ VLLM_SNAPSHOT_ID: 'snap-2' })
  expect(requests()).toEqual(['GET 404', 'PATCH 404', 'POST 201', 'GET 200', 'PATCH 204'])
})

test('a probe with the permission writes nothing', async () => {
  const { variable, github, requests } = await start()
  await variable.probe(never)
  expect(github.variables()).toEqual({})
  expect(requests()).toEqual(['POST 422'])
})

test('a variable that another run creates at the same moment is updated', async () => {
  // The second write meets a 404 although the variable is there, as if it had come to be between its PATCH and its POST.
  const { variable, github, requests } = await start({ faults: [{ ...fault('PATCH', 404), times: 2 }] })
  await variable.write('theirs', never)
  await variable.write('ours', never)
  expect(github.variables()).toEqual({ VLLM_SNAPSHOT_ID: 'ours' })
  expect(requests()).toEqual(['PATCH 404', 'POST 201', 'PATCH 404', 'POST 409', 'PATCH 204'])
})

test('a token without the permission: which one it needs, and that GITHUB_TOKEN cannot have it', async () => {
  const { variable, github } = await start({ token: 'ghs_job' })
  for (const [what, work] of [
    ['Read', variable.read(never)],
    ['Probe whether the token may write', variable.probe(never)],
    ['Write', variable.write('snap-1', never)],
  ] as const) {
    const error = await refusal(work)
    expect(error.message).toMatch(
      new RegExp(
        `^${what} repository variable VLLM_SNAPSHOT_ID of acme/models: 403: Resource not accessible by integration \\(request [0-9A-F-]+\\)$`,
      ),
    )
    expect(error.status).toBe(403)
    expect(error.hint).toBe(
      'The token needs the repository permission "Variables: write" (`actions_variables`), which GITHUB_TOKEN cannot have. ' +
        'Give the token of a GitHub App (actions/create-github-app-token with `env: INPUT_PERMISSION-ACTIONS-VARIABLES: write`) ' +
        `or a fine-grained personal token: ${documentLink('docs/security.md#variables')}.`,
    )
  }
  expect(github.variables()).toEqual({})
})

const always = { times: Infinity }
const reset: Fault = { server: 'github', operation: 'PATCH', effect: { kind: 'reset' } }

test.each<[string, Parameters<typeof start>[0], number | undefined, string, RegExp, number]>([
  ['a wrong token', { token: 'ghs_old' }, 401, 'github-token-refused', /^The token is wrong or has expired\. .*actions_variables/, 1],
  ['an unseen repository', { repo: 'other' }, 404, 'github-not-found', /^The repository does not exist, or the token cannot see it\. /, 1],
  ['a refused name', { faults: [fault('PATCH', 422, 'Name is wrong')] }, 422, 'github-request-failed', /GitHub reports/, 1],
  ['a rate limit', { faults: [fault('PATCH', 429, 'API rate limit exceeded')] }, 429, 'github-rate-limited', /later\.$/, 1],
  ['a fault of GitHub', { faults: [{ ...fault('PATCH', 502, 'Bad gateway'), ...always }] }, 502, 'github-unavailable', /githubstatus/, 4],
  ['a broken connection', { faults: [{ ...reset, ...always }] }, undefined, 'github-not-reached', /proxy/, 4],
])('%s is reported in GitHub’s words', async (_title, options, status, errorCode, hint, tries) => {
  const { variable, requests } = await start(options)
  const error = await refusal(variable.write('snap-1', never))
  expect(error.status).toBe(status)
  expect(error).toMatchObject({ errorCode, hint: expect.stringMatching(hint) })
  expect(requests().filter((request) => request.startsWith('PATCH'))).toHaveLength(tries)
})

const lost: Fault = { server: 'github', operation: 'POST', effect: { kind: 'reset', after: true } }

test.each<[string, Fault[], readonly string[]]>([
  [
    'GitHub’s 502 to each',
    [fault('GET', 502), fault('PATCH', 503), fault('POST', 500)],
    ['GET 502', 'GET 404', 'PATCH 503', 'PATCH 404', 'POST 500', 'POST 201'],
  ],
  ['a broken connection', [{ ...reset, operation: 'GET', times: 3 }], ['GET 0', 'GET 0', 'GET 0', 'GET 404', 'PATCH 404', 'POST 201']],
  ['a lost answer', [lost], ['GET 404', 'PATCH 404', 'POST 0', 'POST 409', 'PATCH 204']],
])('%s is tried again', async (_title, faults, expected) => {
  const { variable, github, requests } = await start({ faults })
  expect(await variable.read(never)).toBeUndefined()
  await variable.write('snap-1', never)
  expect(github.variables()).toEqual({ VLLM_SNAPSHOT_ID: 'snap-1' })
  expect(requests()).toEqual(expected)
})

test('a probe is tried again', async () => {
  const { variable, requests } = await start({ faults: [fault('POST', 502)] })
  await variable.probe(never)
  expect(requests()).toEqual(['POST 502', 'POST 422'])
})

test('an answer without a value does not pass for a variable that is not there', async () => {
  const { variable, github } = await start({ faults: [{ server: 'github', operation: 'GET', effect: { kind: 'truncate', bytes: 20 } }] })
  await variable.write('snap-1', never)
  expect(github.variables()).toEqual({ VLLM_SNAPSHOT_ID: 'snap-1' })
  expect(await refusal(variable.read(never))).toMatchObject({ errorCode: 'github-response-malformed' })
})

test('each try is reported to the debug log: route, status and time, neither token nor value', async () => {
  const { variable } = await start({ faults: [fault('PATCH', 502)] })
  const sent: SentRequest[] = []
  onRequest((request) => sent.push(request))
  await variable.write('snap-1', never)
  const route = '/repos/{owner}/{repo}/actions/variables'
  const host = expect.stringMatching(/^127\.0\.0\.1:\d+$/)
  expect(sent).toEqual([
    { method: 'PATCH', host, operation: `${route}/{name}`, status: 502, ms: expect.any(Number) },
    { method: 'PATCH', host, operation: `${route}/{name}`, status: 404, ms: expect.any(Number) },
    { method: 'POST', host, operation: route, status: 201, ms: expect.any(Number) },
  ])
})

test('a cancel ends the pause before another try', async () => {
  const { variable, requests } = await start({ faults: [{ ...fault('GET', 502), ...always }], retryPauseMs: 1000 })
  const controller = new AbortController()
  const reading = variable.read(controller.signal)
  const looking = setInterval(() => requests().length > 0 && controller.abort(), 5)
  await expect(reading.finally(() => clearInterval(looking))).rejects.toThrow(CancelledError)
  expect(requests()).toEqual(['GET 502'])
})

test('a cancel ends a request that hangs', async () => {
  const { variable, requests } = await start({ faults: [{ server: 'github', operation: 'GET', effect: { kind: 'hang' } }] })
  const controller = new AbortController()
  const reading = variable.read(controller.signal)
  const looking = setInterval(() => requests().length > 0 && controller.abort(), 5)
  await expect(reading).rejects.toThrow(CancelledError)
  clearInterval(looking)
  expect(requests()).toEqual(['GET 0'])
})

test('after a cancel nothing is asked', async () => {
  const { variable, requests } = await start()
  await expect(variable.write('snap-1', AbortSignal.abort())).rejects.toThrow(CancelledError)
  expect(requests()).toEqual([])
})

test('the token is in no line of the journal', async () => {
  const { variable, journal } = await start()
  await variable.write('snap-1', never)
  expect(journal.entries().map(({ operation, parameters }) => [operation, parameters])).toEqual([
    ['PATCH /repos/{owner}/{repo}/actions/variables/{name}', { value: 'snap-1' }],
    ['POST /repos/{owner}/{repo}/actions/variables', { name: 'VLLM_SNAPSHOT_ID', value: 'snap-1' }],
  ])
  expect(JSON.stringify(journal.entries())).not.toContain('ghs_')
})
