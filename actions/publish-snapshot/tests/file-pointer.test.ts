import { linkSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { filePointer } from '../src/file-pointer.ts'

const { signal } = new AbortController()
const [first, second] = ['snap-0aaaaaaaaaaaaaaaa', 'snap-0bbbbbbbbbbbbbbbb']
let folder: string
let workspace: string
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'prebake-test-')))
  workspace = join(folder, 'workspace')
  mkdirSync(workspace)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const content = (path: string) => readFileSync(join(workspace, path), 'utf8')

test('reads nothing, writes, reads back, and leaves no file beside', async () => {
  const pointer = filePointer('.snapshot-id', workspace)
  expect(await pointer.read(signal)).toBeUndefined()
  await pointer.write(first, signal)
  expect(await pointer.read(signal)).toBe(first)
  expect(content('.snapshot-id')).toBe(`${first}\n`)
  expect(readdirSync(workspace)).toEqual(['.snapshot-id'])
})

test('the file is replaced in one step: who has it open reads the old content to the end', async () => {
  const pointer = filePointer('.snapshot-id', workspace)
  await pointer.write(first, signal)
  linkSync(join(workspace, '.snapshot-id'), join(workspace, 'as-opened'))
  await pointer.write(second, signal)
  expect(content('as-opened')).toBe(`${first}\n`)
  expect(content('.snapshot-id')).toBe(`${second}\n`)
})

test.each(['..foo', 'snapshots/awq', 'a/b/c/id'])('%s is written, and its folder made', async (path) => {
  const pointer = filePointer(path, workspace)
  await pointer.probe(signal)
  expect(readdirSync(workspace)).toEqual([])
  expect(await pointer.read(signal)).toBeUndefined()
  await pointer.write(first, signal)
  expect(content(path)).toBe(`${first}\n`)
})

test('a link inside the workspace stays one, and what it leads to is written', async () => {
  mkdirSync(join(workspace, 'state'))
  symlinkSync('state/id', join(workspace, 'link'))
  writeFileSync(join(workspace, 'state/id'), '')
  await filePointer('link', workspace).write(first, signal)
  expect(content('state/id')).toBe(`${first}\n`)
  expect(await filePointer('link', workspace).read(signal)).toBe(first)
})

test.each([
  ['../elsewhere', 'is outside the workspace'],
  ['/etc/passwd', 'is outside the workspace'],
  ['link/id', 'is outside the workspace'],
  ['file', 'is outside the workspace'],
  ['dangling', 'is a broken link'],
])('the path %s is refused, and nothing is written', (path, words) => {
  mkdirSync(join(folder, 'outside'))
  writeFileSync(join(folder, 'outside/id'), first)
  for (const [name, target] of [
    ['link', '../outside'],
    ['file', '../outside/id'],
    ['dangling', '../outside/none'],
  ] as const)
    symlinkSync(target, join(workspace, name))
  expect(() => filePointer(path, workspace)).toThrow(`\`file\`: \`${path}\` ${words}. Give a path inside it.`)
  expect(readdirSync(join(folder, 'outside'))).toEqual(['id'])
})

test.each([
  ['a file of secrets', 'DB_PASSWORD=hunter2\n'],
  ['an ID with more', `${first}\nhunter2`],
  ['another ID', 'vol-0aaaaaaaaaaaaaaaa'],
  ['blanks before something', `${' '.repeat(200)}hunter2`],
  ['bytes', Buffer.from([0, 255, 1])],
])('%s is neither read out nor overwritten', async (_title, text) => {
  writeFileSync(join(workspace, '.env'), text)
  const pointer = filePointer('.env', workspace)
  const message =
    '`file`: `.env` contains something other than a snapshot ID. Give a file that nothing else uses, because it would be overwritten.'
  await expect(pointer.read(signal)).rejects.toThrow(message)
  await expect(pointer.probe(signal)).rejects.toThrow(message)
})

test.each([
  ['an ID', first, first],
  ['an ID between blanks', `\n  ${first}\r\n`, first],
  ['nothing', '', undefined],
  ['a line break', '\n', undefined],
])('%s is what a pointer holds', async (_title, text, value) => {
  writeFileSync(join(workspace, 'id'), text)
  const pointer = filePointer('id', workspace)
  await pointer.probe(signal)
  expect(await pointer.read(signal)).toBe(value)
})

test('a folder, and a file in the place of a folder, are refused', async () => {
  mkdirSync(join(workspace, 'folder'))
  writeFileSync(join(workspace, 'note'), '')
  await expect(filePointer('folder', workspace).probe(signal)).rejects.toThrow('`file`: `folder` is a folder. Give the path of a file.')
  const errorCode = 'pointer-file-failed'
  await expect(filePointer('note/id', workspace).probe(signal)).rejects.toMatchObject({ errorCode })
  await expect(filePointer('note/id', workspace).write(first, signal)).rejects.toMatchObject({ errorCode })
})

test('a path outside has a stable code', () => {
  expect(() => filePointer('../elsewhere', workspace)).toThrow(expect.objectContaining({ errorCode: 'pointer-file-refused' }))
})
