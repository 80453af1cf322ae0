import { linkSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
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

test('the file is replaced in one step: who has it open reads the old content to the end', async () => {
  const pointer = filePointer('.snapshot-id', folder)
  await pointer.write('snap-1', signal)
  linkSync(join(folder, '.snapshot-id'), join(folder, 'as-opened'))
  await pointer.write('snap-2', signal)
  expect(readFileSync(join(folder, 'as-opened'), 'utf8')).toBe('snap-1\n')
  expect(readFileSync(join(folder, '.snapshot-id'), 'utf8')).toBe('snap-2\n')
})

test('a probe leaves no trace, and tells of a folder that is not there', async () => {
  await filePointer('.snapshot-id', folder).probe(signal)
  expect(readdirSync(folder)).toEqual([])
  await expect(filePointer('no/such/file', folder).probe(signal)).rejects.toThrow('Write file no/such/file')
})

test('a path outside the workspace is refused, a missing folder explained', async () => {
  expect(() => filePointer('../elsewhere', folder)).toThrow('outside the workspace')
  await expect(filePointer('no/such/file', folder).write('snap-1', signal)).rejects.toThrow('Write file no/such/file')
})
