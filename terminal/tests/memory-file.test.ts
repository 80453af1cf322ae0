import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { memoryFile, openMemory } from '../src/memory/memory-file.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'prebake-terminal-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('what is saved is on the disk at once, for its owner alone', () => {
  openMemory(folder).open(['runToken']).save({ runToken: 'local-1' })
  expect(openMemory(folder).open(['runToken', 'other']).read()).toEqual({ runToken: 'local-1' })
  expect(statSync(join(folder, memoryFile)).mode & 0o777).toBe(0o600)
})

test('closing a run keeps the answers', () => {
  const memory = openMemory(folder)
  memory.remember({ model: 'a/b' })
  memory.open(['runToken']).save({ runToken: 'local-1' })
  memory.close()
  expect(JSON.parse(readFileSync(join(folder, memoryFile), 'utf8'))).toEqual({ answers: { model: 'a/b' }, open: {}, seconds: {} })
})

test('a file that cannot be written is an error before anything is begun', () => {
  mkdirSync(join(folder, `${memoryFile}.new`))
  expect(() => openMemory(folder).remember({ model: 'a/b' })).toThrow(expect.objectContaining({ errorCode: 'memory-unwritable' }))
})
