import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { fileReferences } from '../src/search-files.ts'

const { signal } = new AbortController()
const id = 'snap-0123456789abcdef0'
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'prune-search-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const write = (path: string, content: string | Buffer) => {
  mkdirSync(join(folder, path, '..'), { recursive: true })
  writeFileSync(join(folder, path), content)
}
const found = async (paths: readonly string[]) => (await (await fileReferences(paths, folder)).find([id], signal)).map(({ by }) => by)

test('an ID is found in any file, and across two pieces of a large one', async () => {
  write('.snapshot-id', `${id}\n`)
  write('deploy/vllm/snapshot.env', `SNAPSHOT_ID=${id}`)
  write('large.bin', Buffer.concat([Buffer.alloc(65_536 - 10), Buffer.from(id), Buffer.alloc(100)]))
  write('other.txt', 'snap-0fffffffffffffff0')
  write('node_modules/x/a.txt', id)
  expect((await found(['.'])).toSorted()).toEqual(['file .snapshot-id', 'file deploy/vllm/snapshot.env', 'file large.bin'])
  expect(await found(['.snapshot-id'])).toEqual(['file .snapshot-id'])
})

test('every path that is refused is reported at once', async () => {
  symlinkSync('/etc', join(folder, 'link'))
  const refused = {
    problems: ['../x', 'link/passwd', 'missing'].map(() => expect.objectContaining({ input: 'files', code: 'search-path-refused' })),
  }
  await expect(fileReferences(['../x', 'link/passwd', 'missing'], folder)).rejects.toMatchObject(refused)
})

test('a workspace without a file proves nothing', async () => {
  await expect(found(['.'])).rejects.toMatchObject({ errorCode: 'workspace-empty' })
})
