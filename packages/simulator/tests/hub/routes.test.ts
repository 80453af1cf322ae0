import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { startHub, type RunningHub } from '../../src/hub/start-hub.ts'

const open = 'TheBloke/Mistral-7B-Instruct-v0.2-AWQ'
const gated = 'mistralai/Mistral-7B-Instruct-v0.3'
const granted = { Authorization: 'Bearer hf_granted' }
const denied = { Authorization: 'Bearer hf_denied' }
const stranger = {}

let hub: RunningHub
beforeAll(async () => {
  hub = await startHub({ scale: 4096, pageSize: 4 })
})
afterAll(() => hub.close())

const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  fetch(new URL(path, hub.url), { method, headers, redirect: 'manual' })

test.each([
  ['a stranger', `/no-one/nothing/resolve/main/config.json`, stranger, 401, null, /^Invalid username or password\.$/],
  ['a stranger at the API', `/api/models/no-one/nothing`, stranger, 401, null, /^Invalid username or password\.$/],
  ['someone known', `/api/models/no-one/nothing`, denied, 404, 'RepoNotFound', /^Repository not found$/],
  ['an unknown token', `/api/models/${open}`, { Authorization: 'Bearer hf_x' }, 401, null, /^Invalid credentials in Authorization header$/],
  ['an unknown revision', `/api/models/${open}/revision/v9`, stranger, 404, 'RevisionNotFound', /^Invalid rev id: v9$/],
  ['an unknown revision of a file', `/${open}/resolve/v9/config.json`, stranger, 404, 'RevisionNotFound', /^Invalid rev id: v9$/],
  ['an unknown file', `/${open}/resolve/main/nothing.bin`, stranger, 404, 'EntryNotFound', /^Entry not found$/],
  ['an unknown folder', `/api/models/${open}/tree/main/nowhere`, stranger, 404, 'EntryNotFound', /^Entry does not exist$/],
  ['a gated file and a stranger', `/${gated}/resolve/main/config.json`, stranger, 401, 'GatedRepo', /Please log in\.$/],
  ['a gated file and no access', `/${gated}/resolve/main/config.json`, denied, 403, 'GatedRepo', /to ask for access\.$/],
  ['large gated files too', `/${gated}/resolve/main/consolidated.safetensors`, denied, 403, 'GatedRepo', /to ask for access\.$/],
])('refuses: %s', async (_, path, headers, status, code, message) => {
  const response = await get(path, headers)
  expect(response.status).toBe(status)
  expect(response.headers.get('x-error-code')).toBe(code)
  const body = await response.text()
  const said = path.startsWith('/api/') ? (JSON.parse(body) as { error: string }).error : body
  expect(said).toMatch(message)
  expect(response.headers.get('x-error-message')).toBe(said)
})

test('describes a model; the files of a gated one may be listed by anyone', async () => {
  const all = (await (await get(`/api/models/${gated}`)).json()) as Record<string, unknown>
  expect(all).toMatchObject({ id: gated, gated: 'auto', private: false, sha: expect.stringMatching(/^[0-9a-f]{40}$/) })
  const some = (await (await get(`/api/models/${gated}/revision/main?expand=sha&expand=gated`)).json()) as Record<string, unknown>
  expect(some).toEqual({ _id: expect.any(String), id: gated, sha: all['sha'], gated: 'auto' })
  expect((await get(`/api/models/${gated}/tree/main?recursive=true`)).status).toBe(200)
})

test('lists files page by page, folders too, with digests that fit what is served', async () => {
  type Entry = { type: string; path: string; size: number; oid: string; lfs?: { oid: string; size: number; pointerSize: number } }
  const entries: Entry[] = []
  let pages = 0
  for (let next: string | undefined = `/api/models/${open}/tree/main?recursive=true&expand=false`; next !== undefined; pages += 1) {
    const response = await get(next)
    entries.push(...((await response.json()) as Entry[]))
    next = /^<(.+)>; rel="next"$/.exec(response.headers.get('link') ?? '')?.[1]
  }
  expect(pages).toBe(3)
  expect(new Set(entries.map(({ path }) => path)).size).toBe(10)
  const weights = entries.find(({ path }) => path === 'model.safetensors')
  expect(weights).toMatchObject({ type: 'file', size: Math.ceil(4_150_880_232 / 4096), lfs: { pointerSize: 132 } })
  for (const { path, size, oid, lfs } of entries) {
    const bytes = Buffer.from(await (await fetch(new URL(`/${open}/resolve/main/${path}`, hub.url))).arrayBuffer())
    expect(bytes.length).toBe(size)
    const found = lfs ? createHash('sha256') : createHash('sha1').update(`blob ${size}\0`)
    expect(found.update(bytes).digest('hex')).toBe(lfs?.oid ?? oid)
  }
  const withFolder = (await (await get('/api/models/prebake-examples/pytorch-only/tree/main?recursive=false')).json()) as Entry[]
  expect(withFolder.map(({ type, path }) => `${type} ${path}`)).toContain('directory original')
  expect(withFolder.map(({ path }) => path)).not.toContain('original/README.md')
})

test('small files: a relative address on the hub where the model is public, the content itself where it is gated', async () => {
  const redirect = await get(`/${open}/resolve/main/config.json`)
  expect(redirect.status).toBe(307)
  const location = redirect.headers.get('location') ?? ''
  expect(location).toMatch(/^\/api\/resolve-cache\/models\/TheBloke\/Mistral-7B-Instruct-v0\.2-AWQ\/[0-9a-f]{40}\/config\.json\?/)
  expect(JSON.parse(await (await get(location)).text())).toMatchObject({ model_type: 'mistral' })

  const direct = await get(`/${gated}/resolve/main/model.safetensors.index.json`, granted)
  expect(direct.status).toBe(200)
  const index = (await direct.json()) as { weight_map: Record<string, string> }
  expect(new Set(Object.values(index.weight_map)).size).toBe(3)
})

test('large files: a signed address that needs no token, for GET only, with ranges', async () => {
  const redirect = await get(`/${gated}/resolve/main/tokenizer.model`, granted)
  expect(redirect.status).toBe(302)
  const size = Number(redirect.headers.get('x-linked-size'))
  expect(redirect.headers.get('x-linked-etag')).toMatch(/^"[0-9a-f]{64}"$/)
  const address = redirect.headers.get('location') ?? ''
  expect(new URL(address).origin).toBe(hub.url)

  const whole = Buffer.from(await (await get(address)).arrayBuffer())
  expect(whole.length).toBe(size)
  const part = await get(address, { Range: 'bytes=17-99' })
  expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 17-99/${size}`])
  expect(Buffer.from(await part.arrayBuffer()).equals(whole.subarray(17, 100))).toBe(true)
  const tail = await get(address, { Range: 'bytes=-5' })
  expect(Buffer.from(await tail.arrayBuffer()).equals(whole.subarray(-5))).toBe(true)
  const beyond = await get(address, { Range: `bytes=${size}-` })
  expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, `bytes */${size}`])

  expect((await get(address, {}, 'HEAD')).status).toBe(403)
  expect((await get(address.replace(/Signature=./, 'Signature='))).status).toBe(403)
  expect((await get(address.replace(/Expires=\d+/, 'Expires=9999999999'))).status).toBe(403)
  expect((await get(new URL(address).pathname)).status).toBe(403)
})

test('the journal holds neither tokens nor signatures', async () => {
  const address = (await get(`/${gated}/resolve/main/tokenizer.model`, granted)).headers.get('location') ?? ''
  await (await get(address, { Range: 'bytes=0-0' })).arrayBuffer()
  const text = JSON.stringify(hub.journal.entries())
  expect(text).toContain('GET /cdn/… tokenizer.model')
  expect(text).not.toContain('hf_')
  expect(text).not.toContain(new URL(address).searchParams.get('Signature'))
})
