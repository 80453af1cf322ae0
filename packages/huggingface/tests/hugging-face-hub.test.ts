import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { CancelledError, ServiceError, systemClock } from '@prebake/kernel'
import { startHub, type RunningHub } from '@prebake/simulator/hub'
import { huggingFaceHub } from '../src/index.ts'
import { fileOf, modelHubContract, refusalOf } from './model-hub-contract.ts'

const publicModel = 'TheBloke/Mistral-7B-Instruct-v0.2-AWQ'
const gatedModel = 'mistralai/Mistral-7B-Instruct-v0.3'
const tokens = { anonymous: undefined, granted: 'hf_granted', denied: 'hf_denied', 'unknown-token': 'hf_whatever' }
const { signal } = new AbortController()
const fast = systemClock(10_000)

let server: RunningHub
beforeAll(async () => {
  server = await startHub({ scale: 4096, pageSize: 4 })
})
afterAll(() => server.close())

modelHubContract('simulated hub', () => ({
  connect: (caller) => huggingFaceHub({ endpoint: server.url, token: tokens[caller] }),
  publicModel,
  gatedModel,
}))

test('a large gated file is read from its signed address, a small one from the hub; both fit their digest', async () => {
  const hub = huggingFaceHub({ endpoint: `${server.url}/`, token: 'hf_granted' })
  const listing = await hub.list(gatedModel, 'main', signal)
  for (const path of ['tokenizer.model', 'tokenizer.json']) {
    const file = fileOf(listing, path)
    expect((await hub.read(listing, file, signal)).length).toBe(file.size)
    const altered = { ...file, digest: { ...file.digest, hex: '0'.repeat(40) } }
    await expect(hub.read(listing, altered, signal)).rejects.toMatchObject({ errorCode: 'model-file-corrupt' })
  }
})

test('folders are walked, and are no files', async () => {
  const listing = await huggingFaceHub({ endpoint: server.url }).list('prebake-examples/pytorch-only', 'main', signal)
  expect(listing.files.map(({ path }) => path)).toContain('original/README.md')
  expect(listing.files.map(({ path }) => path)).not.toContain('original')
})

test.each(['https://huggingface.co/TheBloke/x', 'mistral', 'a/b/c', 'a/b?c=d'])('%s is not the name of a model', async (model) => {
  expect((await refusalOf(huggingFaceHub({ endpoint: server.url }).list(model, 'main', signal))).text).toContain('owner/name')
})

test('a malformed token is refused without being quoted', async () => {
  const { inputs, text } = await refusalOf(huggingFaceHub({ endpoint: server.url, token: 'hf_quo\nted' }).list(publicModel, 'main', signal))
  expect(inputs).toEqual(['hf-token'])
  expect(text).not.toMatch(/quo\s*ted/)
})

test.each([
  ['429 with the seconds until the window ends', { kind: 'error', status: 429, code: 'RateLimited', message: 'slow down' }],
  ['503', { kind: 'error', status: 503, code: 'Unavailable', message: 'try later' }],
  ['a reset', { kind: 'reset' }],
  ['an answer that breaks off', { kind: 'truncate', bytes: 10 }],
] as const)('tries again after %s, three times at most', async (_, effect) => {
  for (const [times, result] of [
    [3, 10],
    [4, ServiceError],
  ] as const) {
    const failing = await startHub({ scale: 65_536, faults: [{ server: 'hub', operation: 'GET /api/models/…/tree', times, effect }] })
    try {
      const list = huggingFaceHub({ endpoint: failing.url, clock: fast }).list(publicModel, 'main', signal)
      const outcome = await list.then(
        ({ files }) => files.length,
        (error: Error) => error.constructor,
      )
      expect(outcome).toBe(result)
      expect(failing.journal.entries().filter(({ operation }) => operation.endsWith('/tree')).length).toBe(4)
    } finally {
      await failing.close()
    }
  }
})

test('waits as long as the hub asks for', async () => {
  const effect = { kind: 'error', status: 429, code: 'RateLimited', message: 'slow down' } as const
  const limited = await startHub({ scale: 65_536, faults: [{ server: 'hub', operation: 'GET /api/', effect }] })
  const pauses: number[] = []
  const clock = { now: () => new Date(), sleep: async (ms: number) => void pauses.push(ms) }
  try {
    await huggingFaceHub({ endpoint: limited.url, clock }).list(publicModel, 'main', signal)
    expect(pauses).toEqual([30_000])
  } finally {
    await limited.close()
  }
})

test('an abort ends a request that hangs, and a pause', async () => {
  for (const effect of [{ kind: 'hang' }, { kind: 'error', status: 503, code: 'Unavailable', message: '' }] as const) {
    const stuck = await startHub({ scale: 65_536, faults: [{ server: 'hub', operation: 'GET /api/', effect, times: Infinity }] })
    try {
      const cancel = new AbortController()
      const list = huggingFaceHub({ endpoint: stuck.url }).list(publicModel, 'main', cancel.signal)
      while (stuck.journal.entries().length === 0) await new Promise(setImmediate)
      cancel.abort()
      await expect(list).rejects.toThrow(CancelledError)
    } finally {
      await stuck.close()
    }
  }
})
