import { expect, test } from '@jest/globals'
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { imageDigest, serveFiles } from './file-server.ts'
import { content, fileLine, modelLine, repository, sha256, snapshotFolder, startBuilder } from './start-builder.ts'

const shard = content(10 * 65_536 - 5, 'shard')
const shardLine = fileLine(0, 'model.safetensors', shard)
const chunkLine = 'chunk\t65536'
const placed = `${snapshotFolder}/model.safetensors`

test('a killed worker is reported as gone, and start goes on without loading finished ranges again', async () => {
  await using server = await serveFiles({ '/shard': shard }, ({ start = 0 }) => (start >= 4 * 65_536 ? 'hold' : undefined))
  await using builder = await startBuilder()
  await builder.start([modelLine, chunkLine, 'parallel\t3', shardLine, `address\t0\t${server.url}/shard`])
  await builder.until(({ bytes }) => bytes.done === 4 * 65_536)
  process.kill(Number(readFileSync(join(builder.work, 'state/worker'), 'utf8').split(' ')[0]), 'SIGKILL')
  await builder.until(({ state }) => state === 'gone')
  server.release()
  const again = await builder.start([modelLine])
  expect(again.lines.has('started')).toBe(true)
  await builder.until(({ state }) => state === 'done')
  expect(readFileSync(join(builder.root, placed)).equals(shard)).toBe(true)
  const finished = server.seen.filter(({ start = 0 }) => start < 4 * 65_536)
  expect(finished.map(({ count }) => count)).toEqual([1, 1, 1, 1])
}, 60_000)

test('a second start while the worker runs starts no second one', async () => {
  await using server = await serveFiles({ '/shard': shard }, () => 'hold')
  await using builder = await startBuilder()
  const lines = [modelLine, shardLine, `address\t0\t${server.url}/shard`]
  await builder.start(lines)
  const second = await builder.start(lines)
  expect(second.lines.has('running')).toBe(true)
  server.release()
  await builder.until(({ state }) => state === 'done')
}, 60_000)

test.each([
  ['ranges are refused', chunkLine, () => 'no-ranges'],
  ['the server is busy for a while', chunkLine, ({ count }) => (count < 3 ? 503 : undefined)],
  ['connections break off in the middle', chunkLine, ({ count }) => (count < 3 ? 'cut' : undefined)],
  ['a range does not satisfy the server', chunkLine, ({ start }) => (start === undefined ? undefined : 416)],
] satisfies [string, string, Parameters<typeof serveFiles>[1]][])(
  'the file comes all the same when %s',
  async (_, chunk, effect) => {
    await using server = await serveFiles({ '/shard': shard }, effect)
    await using builder = await startBuilder()
    await builder.start([modelLine, chunk, shardLine, `address\t0\t${server.url}/shard`])
    await builder.until(({ state }) => state === 'done')
    expect(readFileSync(join(builder.root, placed)).equals(shard)).toBe(true)
    expect(readdirSync(join(builder.root, repository, 'blobs'))).toEqual([sha256(shard)])
  },
  60_000,
)

test('a file that is not what was announced is loaded twice and then named', async () => {
  await using server = await serveFiles({ '/shard': content(shard.length, 'other') })
  await using builder = await startBuilder()
  await builder.start([modelLine, chunkLine, shardLine, `address\t0\t${server.url}/shard`])
  const { detail } = await builder.until(({ state }) => state === 'failed')
  expect(detail).toContain(
    `checking model.safetensors: its sha256 is ${sha256(content(shard.length, 'other'))} instead of ${sha256(shard)}, twice.`,
  )
  expect(server.seen.filter(({ start }) => start === 0)).toHaveLength(2)
  expect(existsSync(join(builder.root, placed))).toBe(false)
}, 60_000)

test('a hub that stays down is given up with the file, the HTTP status and curl’s words', async () => {
  await using server = await serveFiles({ '/shard': shard }, () => 503)
  await using builder = await startBuilder()
  await builder.start([modelLine, 'parallel\t1', shardLine, `address\t0\t${server.url}/shard`])
  const { detail } = await builder.until(({ state }) => state === 'failed')
  expect(detail).toMatch(/^downloading model\.safetensors .*10 tries, the last one HTTP 503 .*\(22\) The requested URL returned error: 503/)
  expect(server.seen).toHaveLength(10)
}, 60_000)

test('a refused address is wanted again, and a new one serves', async () => {
  await using server = await serveFiles({ '/shard': shard }, ({ path, start = 0 }) => (path.includes('old') && start > 0 ? 403 : undefined))
  await using builder = await startBuilder()
  await builder.start([modelLine, chunkLine, shardLine, `address\t0\t${server.url}/shard?old`])
  const status = await builder.until(({ wants }) => wants.length > 0)
  expect(status).toMatchObject({ state: 'running', wants: [0] })
  await builder.start([`address\t0\t${server.url}/shard?new`])
  await builder.until(({ state }) => state === 'done')
  expect(server.seen.filter(({ start }) => start === 0)).toHaveLength(1)
}, 60_000)

test('where valid ranges are refused with 403, a whole GET is tried with the next address', async () => {
  await using server = await serveFiles({ '/shard': shard }, ({ start }) => (start === undefined ? undefined : 403))
  await using builder = await startBuilder()
  await builder.start([modelLine, chunkLine, shardLine, `address\t0\t${server.url}/shard?1`])
  await builder.until(({ wants }) => wants.length > 0)
  await builder.start([`address\t0\t${server.url}/shard?2`])
  await builder.until(({ wants, state }) => wants.length > 0 && state === 'running')
  await builder.start([`address\t0\t${server.url}/shard?3`])
  await builder.until(({ state }) => state === 'done')
  expect(server.seen.at(-1)).toMatchObject({ path: '/shard?3', start: undefined })
}, 60_000)

test('a model that does not fit is refused before it is loaded, and a full disk is reported', async () => {
  await using server = await serveFiles({ '/shard': shard })
  await using small = await startBuilder({ dataVolumeGiB: 0.0005 })
  await small.start([modelLine, shardLine, `address\t0\t${server.url}/shard`])
  const { detail } = await small.until(({ state }) => state === 'failed')
  expect(detail).toMatch(/need \d+ MiB and \d+ MiB are free\. Choose a larger volume-size\./)
  expect(server.seen).toEqual([])

  await using full = await startBuilder()
  mkdirSync(join(full.root, repository, 'blobs'), { recursive: true })
  symlinkSync('/dev/full', join(full.root, repository, 'blobs', `${sha256(shard)}.incomplete`))
  await full.start([modelLine, shardLine, `address\t0\t${server.url}/shard`])
  const failed = await full.until(({ state }) => state === 'failed')
  expect(failed.detail).toMatch(/^writing model\.safetensors: the data volume is full;/)
}, 60_000)

test('an image that the registry does not have is named with ctr’s words', async () => {
  await using server = await serveFiles({}, () => 404)
  await using builder = await startBuilder()
  const reference = `${server.url.replace('http://', '')}/vllm`
  await builder.start([modelLine, `image\tlinux/amd64\t${reference}\tv1\t${imageDigest}`])
  const { detail } = await builder.until(({ state }) => state === 'failed')
  expect(detail).toContain(`pulling the image ${reference}@${imageDigest}: ctr: failed to resolve reference`)
}, 60_000)

test('seal refuses what is not done, and what is missing', async () => {
  await using server = await serveFiles({ '/shard': shard })
  await using builder = await startBuilder()
  expect((await builder.run('seal.sh')).error).toMatch(/the worker has not said that it is done/)
  await builder.start([modelLine, shardLine, `address\t0\t${server.url}/shard`])
  await builder.until(({ state }) => state === 'done')
  rmSync(join(builder.root, repository, 'blobs', sha256(shard)))
  const sealed = await builder.run('seal.sh')
  expect(sealed).toMatchObject({ exitCode: 1, error: 'sealing the volume: model.safetensors is missing. Run start again, then seal.' })
}, 60_000)

test('verify finds a truncated file, and in full a changed byte', async () => {
  await using server = await serveFiles({ '/shard': shard })
  await using builder = await startBuilder()
  await builder.start([modelLine, shardLine, `address\t0\t${server.url}/shard`])
  await builder.until(({ state }) => state === 'done')
  const inbox = { recipe: `${modelLine}\n${shardLine}\n` }
  expect((await builder.run('verify.sh', ['quick', 'recipe'], { inbox })).error).toMatch(/the second half of seal did not end/)
  mkdirSync(join(builder.root, 'mnt/models/.prebake'))
  writeFileSync(join(builder.root, 'mnt/models/.prebake/sealed'), '')

  const blob = join(builder.root, repository, 'blobs', sha256(shard))
  const changed = Buffer.from(shard)
  changed[100_000] = 1 + (changed[100_000] ?? 0)
  writeFileSync(blob, changed)
  expect((await builder.run('verify.sh', ['quick', 'recipe'], { inbox })).lines.get('verified')).toEqual(['files=1 images=0'])
  const full = await builder.run('verify.sh', ['full', 'recipe'], { inbox })
  expect(full).toMatchObject({ exitCode: 1, error: expect.stringMatching(/the sha256 of model\.safetensors is .* instead of/) })
  truncateSync(blob, statSync(blob).size - 1)
  const quick = await builder.run('verify.sh', ['quick', 'recipe'], { inbox })
  expect(quick.error).toBe(
    `verifying the snapshot: model.safetensors has ${shard.length - 1} bytes instead of ${shard.length}. Build again.`,
  )
}, 60_000)
