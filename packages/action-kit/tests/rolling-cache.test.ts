import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import { runtimeTokens, startSimulator, type Simulator } from '@prebake/simulator'
import { rollingCache } from '../src/github/rolling-cache.ts'

let simulator: Simulator
const before = { ...process.env }
const temp = mkdtempSync(join(tmpdir(), 'prebake-cache-'))
beforeAll(async () => {
  simulator = await startSimulator()
})
afterAll(async () => {
  await simulator.stop()
  rmSync(temp, { recursive: true })
})
afterEach(() => {
  simulator.evictCache()
  process.env = { ...before }
})

/** The library reads the runner's variables itself. */
async function cacheOf(token: string, run: string, prefix = 'prebake-test') {
  const { ACTIONS_CACHE_SERVICE_V2, ACTIONS_RESULTS_URL } = simulator.environment
  Object.assign(process.env, {
    ACTIONS_CACHE_SERVICE_V2,
    ACTIONS_RESULTS_URL,
    ACTIONS_RUNTIME_TOKEN: token,
    RUNNER_TEMP: temp,
    GITHUB_WORKSPACE: temp,
  })
  return (await rollingCache({ prefix, run, env: process.env }))!
}

const { defaultBranch, pullRequest } = runtimeTokens

test('each run of the default branch writes its own entry, and the newest is read', async () => {
  await (await cacheOf(defaultBranch, '1-1')).save('first')
  await (await cacheOf(defaultBranch, '2-1')).save('second')
  expect(simulator.cacheKeys()).toEqual(['prebake-test-1-1', 'prebake-test-2-1'])
  expect(await (await cacheOf(pullRequest, '3-1')).restore()).toBe('second')
  expect(readdirSync(temp).filter((name) => name.startsWith('prebake-test'))).toEqual([])
})

test('a key that is there already is not written again', async () => {
  expect(await (await cacheOf(defaultBranch, '1-1')).save('first')).toBe(true)
  expect(await (await cacheOf(defaultBranch, '1-1')).save('other')).toBe(false)
  expect(await (await cacheOf(defaultBranch, '2-1')).restore()).toBe('first')
})

test('what has another prefix, was removed, or is of a pull request is not there', async () => {
  await (await cacheOf(defaultBranch, '1-1', 'prebake-other')).save('other')
  await (await cacheOf(pullRequest, '2-1')).save('of a pull request')
  expect(await (await cacheOf(defaultBranch, '3-1')).restore()).toBeUndefined()
  simulator.evictCache()
  expect(await (await cacheOf(defaultBranch, '4-1', 'prebake-other')).restore()).toBeUndefined()
})

test('a runner without the service has no cache, and a token that opens nothing costs no more than the content', async () => {
  const refused = await cacheOf('expired', '1-1')
  expect(await refused.restore()).toBeUndefined()
  expect(await refused.save('text')).toBe(false)
  delete process.env['ACTIONS_RESULTS_URL']
  expect(await rollingCache({ prefix: 'prebake-test', run: '1-1', env: process.env })).toBeUndefined()
})
