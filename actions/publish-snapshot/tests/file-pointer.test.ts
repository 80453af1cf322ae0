import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { filePointer } from '../src/file-pointer.ts'

const { signal } = new AbortController()
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'prebake-test-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('reads nothing, writes, reads back, and leaves no file beside', async () => {
  const pointer = filePointer('.snapshot-id', folder)
  expect(await pointer.read(signal)).toBeUndefined()
  await pointer.write('snap-1', signal)
  expect(await pointer.read(signal)).toBe('snap-1')
  expect(readFileSync(join(folder, '.snapshot-id'), 'utf8')).toBe('snap-1\n')
  expect(readdirSync(folder)).toEqual(['.snapshot-id'])
})

test('a path outside the workspace is refused, a missing folder explained', async () => {
  expect(() => filePointer('../elsewhere', folder)).toThrow('outside the workspace')
  await expect(filePointer('no/such/file', folder).write('snap-1', signal)).rejects.toThrow('Write file no/such/file')
})
