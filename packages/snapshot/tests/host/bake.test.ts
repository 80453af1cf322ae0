import { expect, test } from '@jest/globals'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { packedLine, piece } from '../../src/builder/plan-lines.ts'
import { imageDigest, serveFiles } from './file-server.ts'
import { content, fileLine, gitSha1, modelLine, repository, sha256, snapshotFolder, startBuilder, type Builder } from './start-builder.ts'

const shard = content(300_000, 'shard')
const tokenizer = content(70_000, 'tokenizer')
const config = Buffer.from('{"model_type":"mistral"}\n')
const secret = 'X-Amz-Signature=5ec2e7'

test('bakes files of every kind and an image, and leaves nothing confidential on the volume', async () => {
  await using server = await serveFiles({ '/shard': shard, '/tokenizer': tokenizer }, ({ path }) =>
    path.startsWith('/moved') ? { redirect: `/tokenizer?${secret}` } : undefined,
  )
  await using builder = await startBuilder()
  const name = `${server.url.replace('http://', '')}/vllm`
  await builder.start([
    modelLine,
    'chunk\t65536',
    fileLine(0, 'model-00001.safetensors', shard),
    `file\t1\t${config.length}\tgit-sha1\t${gitSha1(config)}\tdeep/er/config.json`,
    fileLine(2, 'tokenizer.json', tokenizer),
    'file\t3\t0\tgit-sha1\te69de29bb2d1d6434b8b29ae775ad8c2e48c5391\t__init__.py',
    `image\tlinux/amd64\t${name}\tv1\t${imageDigest}`,
    `address\t0\t${server.url}/shard?${secret}`,
  ])
  await builder.start([`address\t2\t${server.url}/moved?${secret}`])
  await builder.start(piece(1, 10, config.subarray(10)))
  await builder.start(piece(1, 0, config.subarray(0, 10)))
  const status = await builder.until(({ state }) => state === 'done')
  expect(status).toMatchObject({ files: { done: 4, all: 4 }, images: { done: 1, all: 1 }, wants: [], kubelet: 'inactive' })
  expect(status.bytes).toEqual({ done: 370_025, all: 370_025 })

  const at = (path: string) => join(builder.root, snapshotFolder, path)
  expect(readFileSync(at('model-00001.safetensors')).equals(shard)).toBe(true)
  expect(readFileSync(at('tokenizer.json')).equals(tokenizer)).toBe(true)
  expect(readFileSync(at('__init__.py')).length).toBe(0)
  expect(readFileSync(at('deep/er/config.json')).equals(config)).toBe(true)
  expect(readlinkSync(at('deep/er/config.json'))).toBe(`../../../../blobs/${gitSha1(config)}`)
  expect(readlinkSync(at('tokenizer.json'))).toBe(`../../blobs/${sha256(tokenizer)}`)
  expect(readFileSync(join(builder.root, repository, 'refs/main'), 'utf8')).toBe('0123456789abcdef0123456789abcdef01234567')
  const images = readdirSync(join(builder.root, 'var/lib/containerd/images')).filter((file) => file.endsWith('.json'))
  expect(images.map(decodeURIComponent).sort()).toEqual([`${name}:v1.json`, `${name}@${imageDigest}.json`])
  for (const image of images) {
    expect(JSON.parse(readFileSync(join(builder.root, 'var/lib/containerd/images', image), 'utf8'))).toMatchObject({
      labels: { 'io.cri-containerd.image': 'managed', 'io.cri-containerd.pinned': 'pinned' },
    })
  }

  // Before the seal, so that it is the envelope and not the emptying that is tested.
  const volume = await readVolume(builder)
  expect(volume).toContain('prebake:key')
  expect(volume).not.toContain(secret)
  expect(volume).not.toContain('PRIVATE KEY')
  expect(volume).not.toContain(config.subarray(12).toString('base64'))
}, 60_000)

test('a file that travels compressed is inflated on the builder, and wanted until its last piece is there', async () => {
  await using builder = await startBuilder()
  const vocabulary = Buffer.from(content(40_000).toString('hex'))
  const gzip = gzipSync(vocabulary)
  const line = `file\t0\t${vocabulary.length}\tgit-sha1\t${gitSha1(vocabulary)}\ttokenizer.json`
  expect((await builder.start([modelLine, line, packedLine(0, gzip.length)])).exitCode).toBe(0)
  await builder.start(piece(0, 0, gzip.subarray(0, 20_000)))
  expect((await builder.status()).wants).toEqual([0])
  await builder.start(piece(0, 20_000, gzip.subarray(20_000)))
  expect(await builder.until(({ state }) => state === 'done')).toMatchObject({ files: { done: 1, all: 1 }, wants: [] })
  expect(readFileSync(join(builder.root, snapshotFolder, 'tokenizer.json')).equals(vocabulary)).toBe(true)
}, 60_000)

test('seals what is there, empties the folders with commands and journals, and a copy of the volume is verified on another host', async () => {
  await using server = await serveFiles({ '/shard': shard })
  await using builder = await startBuilder()
  const name = `${server.url.replace('http://', '')}/vllm`
  const recipe = [modelLine, fileLine(0, 'model.safetensors', shard), `image\tlinux/amd64\t${name}\tv1\t${imageDigest}`]
  await builder.start([...recipe, `address\t0\t${server.url}/shard`])
  await builder.until(({ state }) => state === 'done')
  const sealed = await builder.run('seal.sh')
  expect(sealed.lines.get('sealed')?.[0]).toMatch(/^free-percent=99 used-bytes=\d+ files=1 images=1$/)
  const mark = join(builder.root, 'mnt/models/.prebake')
  for (let looks = 0; looks < 100 && !existsSync(join(mark, 'sealed')); looks++) await sleep(50)
  expect(readdirSync(mark)).toEqual(['sealed'])
  const volume = mkdtempSync(join(tmpdir(), 'prebake-volume-'))
  try {
    await builder.copyDataVolume(volume)
    expect(readdirSync(join(volume, 'var/log/journal/5d1f3c'))).toEqual([])
    expect(existsSync(join(volume, 'var/lib/systemd/random-seed'))).toBe(false)
    expect(readdirSync(join(volume, 'host-containers/control'))).toEqual([])
    await using second = await startBuilder({ fromVolume: volume })
    const inbox = { recipe: `${recipe.join('\n')}\n` }
    const verified = await second.run('verify.sh', ['quick', 'recipe'], { inbox })
    expect(verified.lines.get('verified')).toEqual(['files=1 images=1'])
    expect((await verifyFully(second, inbox)).lines.get('verified')).toEqual(['files=1 images=1'])

    // What containerd keeps of an image, right and wrong.
    for (const [kept, outcome] of [
      [shard, { lines: new Map([['verified', ['files=1 images=1 blobs=1']]]) }],
      [
        config,
        { exitCode: 1, error: expect.stringContaining(`the content sha256:${sha256(shard)} of an image has the digest ${sha256(config)}`) },
      ],
    ] as const) {
      const blobs = join(volume, 'var/lib/containerd/io.containerd.content.v1.content/blobs/sha256')
      mkdirSync(blobs, { recursive: true })
      writeFileSync(join(blobs, sha256(shard)), kept)
      await using another = await startBuilder({ fromVolume: volume })
      expect(await verifyFully(another, inbox)).toMatchObject(outcome)
    }
  } finally {
    rmSync(volume, { recursive: true })
  }
}, 120_000)

/** Asks again for as long as the check goes on. */
async function verifyFully(builder: Builder, inbox: Record<string, string>): ReturnType<Builder['run']> {
  for (;;) {
    const answer = await builder.run('verify.sh', ['full', 'recipe'], { inbox })
    if (!answer.lines.has('verifying')) return answer
  }
}

async function readVolume(builder: Awaited<ReturnType<typeof startBuilder>>): Promise<string> {
  const volume = mkdtempSync(join(tmpdir(), 'prebake-volume-'))
  try {
    await builder.copyDataVolume(volume)
    const entries = readdirSync(volume, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    return entries.map((entry) => `${entry.name}\n${readFileSync(join(entry.parentPath, entry.name), 'latin1')}`).join('\n')
  } finally {
    rmSync(volume, { recursive: true })
  }
}
