import { execFileSync, spawnSync } from 'node:child_process'
import {
  createDecipheriv,
  createHmac,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  randomBytes,
} from 'node:crypto'
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { composeCommand, mostBytesInOneLine } from '../../src/builder/compose-command.ts'
import { sealEnvelope } from '../../src/builder/envelope.ts'
import { addressLine, splitPlan } from '../../src/builder/plan-lines.ts'
import { hostScripts, receiver } from '../../src/host-scripts.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'prebake-test-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** As the real one: its request, with each byte as a decimal number, must fit into a message of 64 KiB; its standard input may have any size. */
const apiclient = `#!/bin/bash
shift 3
size=$(($# * 11 + 56))
for word in "$@"; do size=$((size + $(printf %s "$word" | wc -c) + $(printf %s "$word" | od -An -v -tu1 | tr -d ' \\n' | wc -c))); done
((size <= 65536)) || exit 1
exec "$@"
`

/** Runs the lines of a command as the control container does. @returns what the last one printed. */
function runLines(lines: readonly string[]): string {
  writeFileSync(join(folder, 'apiclient'), apiclient, { mode: 0o755 })
  const outputs = lines.map((line) => {
    writeFileSync(join(folder, 'line.sh'), line)
    return execFileSync('sh', [join(folder, 'line.sh')], {
      env: { PATH: `${folder}:${process.env['PATH']}`, PREBAKE_WORK: join(folder, 'work') },
      encoding: 'utf8',
      // With a socket as standard input, bash takes itself for a remote shell and reads ~/.bashrc.
      stdio: ['ignore', 'pipe', 'inherit'],
    })
  })
  return outputs.at(-1) ?? ''
}

const show = { 'show.sh': 'echo "$1-$2"; cat "$PREBAKE_WORK/inbox/data"\n' }

test('a composed command survives its shells: files arrive byte for byte, arguments too', () => {
  const text = 'a \'quoted\' "line" with $HOME, `ticks`, {{ braces }} and a back\\slash\n'
  const lines = composeCommand('show.sh', ['one', 'two'], { scripts: show, inbox: { data: text } })
  expect(runLines(lines)).toBe(`one-two\n${text}`)
  expect(lines).toEqual([expect.not.stringContaining('{{')])
})

test.each([0, 1, mostBytesInOneLine, mostBytesInOneLine + 1, 400_000])(
  'a file of %i bytes arrives whole, in lines that SSM and apiclient take',
  (size) => {
    const data = randomBytes(size)
    const lines = composeCommand('show.sh', ['one', 'two'], { scripts: show, inbox: { data } })
    runLines(lines)
    expect(readFileSync(join(folder, 'work/inbox/data')).equals(data)).toBe(true)
    for (const line of lines) expect(Buffer.byteLength(JSON.stringify({ commands: [line] }))).toBeLessThan(64 * 1024)
    expect(lines.length).toBeLessThanOrEqual(Math.max(1, Math.ceil(size / mostBytesInOneLine)))
  },
)

test('many files need few lines, and the script runs once all are there', () => {
  const names = Array.from({ length: 300 }, (_, index) => `file-${index}`)
  const inbox = Object.fromEntries(names.map((name) => [name, name.repeat(60)]))
  const lines = composeCommand('count.sh', [], { scripts: { 'count.sh': 'ls "$PREBAKE_WORK/inbox" | wc -l\n' }, inbox })
  expect(runLines(lines).trim()).toBe('300')
  expect(lines.length).toBeLessThan(6)
  expect(runLines(lines.slice(0, 1))).toBe('prebake:received\n')
})

test('a command whose end does not arrive runs nothing, and leaves no file in part', () => {
  const [line = ''] = composeCommand('show.sh', ['one', 'two'], { scripts: show, inbox: { data: 'text\n' } })
  const input = [...line.matchAll(/ '((?:file|run) [^']*)'/g)].map(([, word]) => `${word}\n`).join('')
  for (const cut of [1, 4, 15, 20, 30, input.length - 10]) {
    rmSync(join(folder, 'work'), { recursive: true, force: true })
    const env = { PATH: process.env['PATH'] ?? '', PREBAKE_WORK: join(folder, 'work') }
    const { status, stdout } = spawnSync('bash', ['-c', receiver()], { input: input.slice(0, -cut), env, encoding: 'utf8' })
    expect({ cut, status, stdout }).toEqual({ cut, status: 1, stdout: '' })
    const data = join(folder, 'work/inbox/data')
    expect(existsSync(data) ? readFileSync(data, 'utf8') : 'text\n').toBe('text\n')
  }
})

test('a name or an argument that a shell would not take as one word is refused', () => {
  expect(() => composeCommand('show.sh', [], { inbox: { 'a b': '' } })).toThrow(RangeError)
  expect(() => composeCommand('show.sh', ["it's"])).toThrow(RangeError)
})

test('a command that comes a second time takes nothing from the first one, which may still be reading', () => {
  const work = join(folder, 'work')
  const send = (text: string) => runLines(composeCommand('true.sh', [], { scripts: { 'true.sh': 'true\n' }, inbox: { data: text } }))
  send('first\n')
  const files = ['inbox/data', 'bin/true.sh'].map((name) => openSync(join(work, name), 'r'))
  send('second\n')
  expect(files.map((file) => readFileSync(file, 'utf8'))).toEqual(['first\n', 'true\n'])
  expect(readFileSync(join(work, 'inbox/data'), 'utf8')).toBe('second\n')
  files.forEach(closeSync)
})

test('all scripts fit into the one line that brings them', () => {
  expect(composeCommand('init.sh', ['7200'], { scripts: hostScripts() })).toHaveLength(1)
})

test('an envelope opens with the private key, and no two are alike', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  const text = 'address\t0\thttps://hub.example/…?signature=é'
  const envelope = Buffer.from(sealEnvelope(text, publicKey))
  const sender = createPublicKey({ key: envelope.subarray(0, 91), format: 'der', type: 'spki' })
  const secret = diffieHellman({ privateKey: createPrivateKey(privateKey), publicKey: sender })
  const keys = Buffer.from(hkdfSync('sha256', secret, '', envelope.subarray(0, 91), 64))
  expect(envelope.subarray(-32)).toEqual(createHmac('sha256', keys.subarray(32)).update(envelope.subarray(0, -32)).digest())
  const decipher = createDecipheriv('aes-256-cbc', keys.subarray(0, 32), envelope.subarray(91, 107))
  expect(Buffer.concat([decipher.update(envelope.subarray(107, -32)), decipher.final()]).toString()).toBe(text)
  expect(Buffer.from(sealEnvelope(text, publicKey)).subarray(107)).not.toEqual(envelope.subarray(107))
})

test('a plan is split between lines, in order, with nothing lost', () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[a-z]{1,40}$/)), fc.integer({ min: 41, max: 200 }), (lines, limit) => {
      const parts = splitPlan(lines, limit)
      expect(parts.join('')).toBe(lines.map((line) => `${line}\n`).join(''))
      for (const part of parts) expect(part.length).toBeLessThanOrEqual(limit)
    }),
  )
  expect(() => splitPlan(['é'.repeat(21)], 42)).toThrow(RangeError)
})

test('a field with a tab or a line break is refused', () => {
  expect(addressLine(3, 'https://hub.example/a')).toBe('address\t3\thttps://hub.example/a')
  expect(() => addressLine(3, 'https://hub.example/a\tb')).toThrow(RangeError)
  expect(() => addressLine(3, 'https://hub.example/a\nmodel\tx')).toThrow(RangeError)
})
