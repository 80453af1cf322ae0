import { createDecipheriv, createPrivateKey, createPublicKey, diffieHellman, generateKeyPairSync, hkdfSync, randomBytes } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import { expect, test } from '@jest/globals'
import { systemClock } from '@prebake/kernel'
import type { BuildPlan } from '../../src/resolve-plan.ts'
import type { BuilderSession } from '../../src/builder/run-on-builder.ts'
import { sendPlan, sourcesOf } from '../../src/builder/send-sources.ts'

const { publicKey, privateKey } = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  publicKeyEncoding: { type: 'spki', format: 'der' },
  privateKeyEncoding: { type: 'pkcs8', format: 'der' },
})

/** A builder that takes every command, and what it was sent: the files of each, and the line that runs its script. */
function openLine() {
  const sent: { readonly files: ReadonlyMap<string, Buffer>; readonly run: string; readonly chars: number }[] = []
  const builders: Partial<BuilderSession['builders']> = {
    async send(_, line) {
      const words = [...line.matchAll(/ '((?:file|run) [^']*)'/g)].map(([, word = '']) => word.split(' '))
      const files = words
        .filter(([kind]) => kind === 'file')
        .map(([, name = '', content = '']) => [name, Buffer.from(content, 'base64')] as const)
      sent.push({ files: new Map(files), run: words.at(-1)?.join(' ') ?? '', chars: line.length })
      return 'command'
    },
    getCommand: async () => ({ status: 'Success', statusDetails: '', exitCode: 0, stdout: 'prebake:started', stderr: '' }),
  }
  const session: BuilderSession = {
    instanceId: 'i-1',
    builders: builders as BuilderSession['builders'],
    clock: systemClock(),
    signal: new AbortController().signal,
  }
  return { session, sent }
}

function open(envelope: Buffer): Buffer {
  const key = createPrivateKey({ key: privateKey, format: 'der', type: 'pkcs8' })
  const sender = createPublicKey({ key: envelope.subarray(0, 91), format: 'der', type: 'spki' })
  const keys = Buffer.from(hkdfSync('sha256', diffieHellman({ privateKey: key, publicKey: sender }), '', envelope.subarray(0, 91), 64))
  const decipher = createDecipheriv('aes-256-cbc', keys.subarray(0, 32), envelope.subarray(91, 107))
  return Buffer.concat([decipher.update(envelope.subarray(107, -32)), decipher.final()])
}

test('no two envelopes have one name, also when the same is sent again', async () => {
  const { session, sent } = openLine()
  const sources = { lines: ['parallel\t1', `file\t0\t0\t${'A'.repeat(40_000)}`, 'chunk\t2'.padEnd(3000, '0')], pieces: [] }
  for (let times = 0; times < 2; times++) await sendPlan(session, { publicKey, inflates: true }, sources)

  const names = sent.map(({ run }) => /^run start\.sh (\S+)$/.exec(run)?.[1])
  expect(names).toHaveLength(4)
  expect(new Set(names).size).toBe(4)
  for (const [index, name] of names.entries()) expect([...(sent[index]?.files.keys() ?? [])]).toEqual([`inbox/${name}`])
})

/** The sizes are those of meta-llama/Llama-3.1-8B-Instruct, whose tokenizer is kept in git. */
const sizes = { 'config.json': 855, 'generation_config.json': 184, 'tokenizer.json': 9_085_657, 'tokenizer_config.json': 55_351 }

async function sendRestricted(inflates: boolean, contents: ReadonlyMap<string, Uint8Array>) {
  const { session, sent } = openLine()
  const files = [...contents].map(([path, content]) => ({
    path,
    size: content.length,
    digest: { algorithm: 'git-sha1', hex: '0'.repeat(40) },
  }))
  const plan = { listing: {}, recipe: { files } } as unknown as BuildPlan
  const hub = {
    locate: async () => ({ kind: 'runner' }) as const,
    read: async (_: unknown, { path }: { readonly path: string }) => contents.get(path) ?? new Uint8Array(),
    list: () => Promise.reject(new Error('not asked')),
  }
  const indexes = files.map((_, index) => index)
  const key = { publicKey, inflates }
  const sources = await sourcesOf(indexes, key, plan, { hub }, session.signal)
  await sendPlan(session, key, sources)
  return { sent, arrived: join(sent.flatMap(({ files }) => [...files.values()].map(open))), sources }
}

/** Puts the pieces together as the builder does. */
function join(opened: readonly Buffer[]): Map<string, Buffer> {
  const packed = new Set<string>()
  const pieces = new Map<string, Map<number, Buffer>>()
  for (const content of opened) {
    const [kind = '', index = '', offset] = content.subarray(0, content.indexOf('\n')).toString().split('\t')
    if (kind === 'packed') for (const line of content.toString().trim().split('\n')) packed.add(line.split('\t')[1] ?? '')
    else
      pieces.set(index, (pieces.get(index) ?? new Map<number, Buffer>()).set(Number(offset), content.subarray(content.indexOf('\n') + 1)))
  }
  return new Map(
    [...pieces].map(([index, parts]) => {
      const whole = Buffer.concat([...parts].toSorted(([a], [b]) => a - b).map(([, bytes]) => bytes))
      return [index, packed.has(index) ? gunzipSync(whole) : whole]
    }),
  )
}

/** Compresses about as well as a tokenizer does: to some two fifths. */
const vocabulary = (size: number) =>
  Buffer.from(
    randomBytes(Math.ceil(size / 2))
      .toString('hex')
      .replaceAll('0', '    '),
  ).subarray(0, size)

test.each([
  ['compressed', true, 130],
  ['as they are, where the builder cannot inflate', false, 230],
])(
  'small files of a restricted model travel %s, few commands for many bytes',
  async (_, inflates, most) => {
    const contents = new Map(Object.entries(sizes).map(([path, size]) => [path, vocabulary(size)]))
    const { sent, arrived } = await sendRestricted(inflates, contents)
    expect([...arrived.values()].map((content) => content.length)).toEqual(Object.values(sizes))
    for (const [index, [, content]] of [...contents].entries()) expect(arrived.get(String(index))?.equals(content)).toBe(true)
    expect(sent.length).toBeLessThan(most)
    for (const { chars } of sent) expect(chars).toBeLessThan(60_000)
  },
  60_000,
)

test('a file that compression would make larger travels as it is', async () => {
  const { sources } = await sendRestricted(true, new Map([['random', randomBytes(1000)]]))
  expect(sources.lines).toEqual([])
  expect(sources.pieces).toHaveLength(1)
})

test('when addresses are renewed, content that has arrived is not read and sent again', async () => {
  const { session } = openLine()
  const plan = { listing: {}, recipe: { files: [{ path: 'a' }, { path: 'b' }] } } as unknown as BuildPlan
  const hub = {
    locate: async (_: unknown, { path }: { readonly path: string }) =>
      path === 'a' ? ({ kind: 'address', url: 'https://hub.example/a' } as const) : ({ kind: 'runner' } as const),
    read: () => Promise.reject(new Error('read again')),
    list: () => Promise.reject(new Error('not asked')),
  }
  expect(await sourcesOf([0, 1], { inflates: true }, plan, { hub }, session.signal, { addressesOnly: true })).toEqual({
    lines: ['address\t0\thttps://hub.example/a'],
    pieces: [],
  })
})
