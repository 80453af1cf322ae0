import { execFileSync } from 'node:child_process'
import { constants, createDecipheriv, createHmac, generateKeyPairSync, privateDecrypt } from 'node:crypto'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { composeCommand } from '../../src/builder/compose-command.ts'
import { sealEnvelope } from '../../src/builder/envelope.ts'
import { addressLine, splitPlan } from '../../src/builder/plan-lines.ts'
import { hostScripts } from '../../src/host-scripts.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'prebake-test-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Runs a command's line as the control container does, its `apiclient exec` standing in the same shell. */
function runLine(line: string): string {
  writeFileSync(join(folder, 'apiclient'), '#!/bin/bash\nshift 3\nexec "$@"\n', { mode: 0o755 })
  return execFileSync('sh', ['-c', line], {
    env: { PATH: `${folder}:${process.env['PATH']}`, PREBAKE_WORK: join(folder, 'work') },
    encoding: 'utf8',
    // With a socket as standard input, bash takes itself for a remote shell and reads ~/.bashrc.
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

test('a composed command survives its shells: files arrive byte for byte, arguments too', () => {
  const text = 'a \'quoted\' "line" with $HOME, `ticks`, {{ braces }} and a back\\slash\n'
  const line = composeCommand('show.sh', ['one', 'two'], {
    scripts: { 'show.sh': 'echo "$1-$2"; cat "$PREBAKE_WORK/inbox/data"\n' },
    inbox: { data: text },
  })
  expect(runLine(line)).toBe(`one-two\n${text}`)
  expect(line).not.toMatch(/\{\{|\n/)
})

test('a command that comes a second time takes nothing from the first one, which may still be reading', () => {
  const work = join(folder, 'work')
  const send = (text: string) => runLine(composeCommand('true.sh', [], { scripts: { 'true.sh': 'true\n' }, inbox: { data: text } }))
  send('first\n')
  const files = ['inbox/data', 'bin/true.sh'].map((name) => openSync(join(work, name), 'r'))
  send('second\n')
  expect(files.map((file) => readFileSync(file, 'utf8'))).toEqual(['first\n', 'true\n'])
  expect(readFileSync(join(work, 'inbox/data'), 'utf8')).toBe('second\n')
  files.forEach(closeSync)
})

test('all scripts fit into the one command that brings them', () => {
  expect(composeCommand('hello.sh', ['7200'], { scripts: hostScripts() }).length).toBeLessThan(60_000)
})

test('what SSM would refuse for its length is refused here', () => {
  expect(() => composeCommand('start.sh', [], { inbox: { big: 'x'.repeat(50_000) } })).toThrow(RangeError)
})

test('an envelope opens with the private key, and each has keys of its own', () => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 3072,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  const text = 'address\t0\thttps://hub.example/…?signature=é'
  const [keys = '', iv = '', ciphertext = '', mac] = sealEnvelope(text, publicKey).split('\n')
  const opened = privateDecrypt(
    { key: privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' },
    Buffer.from(keys, 'base64'),
  )
  const decipher = createDecipheriv('aes-256-cbc', opened.subarray(0, 32), Buffer.from(iv, 'base64'))
  expect(Buffer.concat([decipher.update(Buffer.from(ciphertext, 'base64')), decipher.final()]).toString()).toBe(text)
  expect(mac).toBe(
    createHmac('sha256', opened.subarray(32)).update(Buffer.from(iv, 'base64')).update(Buffer.from(ciphertext, 'base64')).digest('hex'),
  )
  expect(sealEnvelope(text, publicKey)).not.toContain(ciphertext)
})

test('a plan is split between lines, in order, with nothing lost', () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[a-z]{1,40}$/)), fc.integer({ min: 41, max: 200 }), (lines, limit) => {
      const parts = splitPlan(lines, limit)
      expect(parts.join('')).toBe(lines.map((line) => `${line}\n`).join(''))
      for (const part of parts) expect(part.length).toBeLessThanOrEqual(limit)
    }),
  )
})

test('a field with a tab or a line break is refused', () => {
  expect(addressLine(3, 'https://hub.example/a')).toBe('address\t3\thttps://hub.example/a')
  expect(() => addressLine(3, 'https://hub.example/a\tb')).toThrow(RangeError)
  expect(() => addressLine(3, 'https://hub.example/a\nmodel\tx')).toThrow(RangeError)
})
