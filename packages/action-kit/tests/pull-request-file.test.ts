import { afterEach, expect, test } from '@jest/globals'
import { InputError, ServiceError } from '@prebake/kernel'
import { scriptFaults, type Fault } from '../../simulator/src/core/faults.ts'
import { openJournal } from '../../simulator/src/core/journal.ts'
import { serve, type RunningServer } from '../../simulator/src/core/serve.ts'
import { simulatedClock } from '../../simulator/src/core/world.ts'
import { createGitHub } from '../../simulator/src/github/github-service.ts'
import { pullRequestFile } from '../src/index.ts'

const servers: RunningServer[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

const never = new AbortController().signal
const tokens = { withVariables: 'ghs_variables', withoutVariables: 'ghs_job', withContents: 'ghs_good' }
const path = 'deploy/vllm/snapshot.env'
const branch = 'prebake/deploy-vllm-snapshot.env'
const [first, second] = ['snap-0a1b2c3d4e5f60001', 'snap-0a1b2c3d4e5f60002']

interface Options {
  readonly faults?: Fault[]
  readonly token?: string
  readonly files?: Readonly<Record<string, string>>
}

async function start({ faults = [], token = 'ghs_good', files = { 'README.md': 'Models\n' } }: Options = {}) {
  const journal = openJournal()
  const simulation = { clock: simulatedClock(1), journal, faultFor: scriptFaults(faults), random: () => 0 }
  const { service, repository } = createGitHub(simulation, { repository: 'acme/models', tokens, files })
  const server = await serve(service, simulation)
  servers.push(server)
  const runUrl = 'https://github.com/acme/models/actions/runs/1'
  const pointer = pullRequestFile({ owner: 'acme', repo: 'models', path, token, apiUrl: server.url, retryPauseMs: 2, runUrl })
  const proposed = () => repository.filesOf(repository.branch(branch) ?? '')
  return { pointer, repository, proposed, journal }
}

async function thrownBy(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
}

test('a first snapshot is proposed in a file of its own, and nothing else of the branch changes', async () => {
  const { pointer, repository, proposed } = await start()
  expect(await pointer.read(never)).toBeUndefined()
  await pointer.write(first, never)
  expect(proposed()).toEqual({ 'README.md': 'Models\n', [path]: expect.stringMatching(new RegExp(`^#.*\\nSNAPSHOT_ID=${first}\\n$`, 's')) })
  expect(repository.pullRequests()).toMatchObject([{ state: 'open', head: branch, base: 'main', title: `Serve the model from ${first}` }])
  expect(pointer.url()).toBe('https://github.com/acme/models/pull/2')
  // It is not merged yet.
  expect(await pointer.read(never)).toBeUndefined()
})

test('a second one changes the pull request that is open, and keeps every other line of the file', async () => {
  const files = { [path]: `# ours\nREGION=us-west-2\nSNAPSHOT_ID=snap-0a1b2c3d4e5f60000\n\n` }
  const { pointer, repository, proposed } = await start({ files })
  await pointer.write(first, never)
  await pointer.write(second, never)
  expect(proposed()).toEqual({ [path]: `# ours\nREGION=us-west-2\nSNAPSHOT_ID=${second}\n\n` })
  expect(repository.pullRequests()).toMatchObject([{ state: 'open', title: `Serve the model from ${second}` }])
  expect(repository.pullRequests()[0]?.body).toContain('instead of `snap-0a1b2c3d4e5f60000`')
})

test('after a merge, the next one is another pull request on top of it', async () => {
  const { pointer, repository } = await start()
  await pointer.write(first, never)
  repository.setBranch('main', repository.branch(branch) ?? '')
  repository.changePullRequest(2, { state: 'closed' })
  expect(await pointer.read(never)).toBe(first)
  await pointer.write(second, never)
  expect(repository.pullRequests().map(({ number, state }) => [number, state])).toEqual([
    [2, 'closed'],
    [3, 'open'],
  ])
})

test('an answer that is lost makes no second pull request', async () => {
  const lost: Fault = { server: 'github', operation: 'POST /repos/{owner}/{repo}/pulls', effect: { kind: 'reset', after: true } }
  const { pointer, repository } = await start({ faults: [lost] })
  await pointer.write(first, never)
  expect(repository.pullRequests()).toHaveLength(1)
})

test('a probe writes nothing, and a token without the permissions is refused with the permission', async () => {
  const { pointer, repository } = await start()
  await pointer.probe(never)
  expect(repository.pullRequests()).toEqual([])
  const { pointer: poor } = await start({ token: 'ghs_job' })
  const error = await thrownBy(poor.probe(never))
  expect(error).toBeInstanceOf(ServiceError)
  expect((error as ServiceError).errorCode).toBe('github-permission-missing')
})

test('a file of another form is refused before anything is written', async () => {
  const { pointer } = await start({ files: { [path]: 'SNAPSHOT_ID=snap-1\nkind: ConfigMap\n' } })
  const error = await thrownBy(pointer.probe(never))
  expect(error).toBeInstanceOf(InputError)
  expect((error as InputError).problems).toMatchObject([{ code: 'proposed-file-refused', input: 'pull-request-file' }])
})
