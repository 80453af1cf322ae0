import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { workspacePath } from '../src/index.ts'

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'prebake-path-')))
const [workspace, temp, outside] = ['workspace', 'temp', 'outside'].map((name) => join(folder, name)) as [string, string, string]
const inside = (path: string) => join(workspace, path)

beforeAll(() => {
  for (const each of [inside('a'), temp, outside]) mkdirSync(each, { recursive: true })
  writeFileSync(join(outside, 'secret'), '')
  writeFileSync(inside('a/file'), '')
  const links = { out: outside, in: 'a', file: '../outside/secret', dangling: '../outside/none', nowhere: 'none', self: 'self' }
  for (const [name, target] of Object.entries(links)) symlinkSync(target, inside(name))
  symlinkSync(workspace, join(folder, 'link-to-workspace'))
})
afterAll(() => rmSync(folder, { recursive: true }))

test.each([
  ['a/file', 'a/file'],
  ['./a/../a/file', 'a/file'],
  ['.', ''],
  ['not/there/yet', 'not/there/yet'],
  ['..foo', '..foo'],
  ['..foo/bar', '..foo/bar'],
  ['in/file', 'a/file'],
  ['in/new', 'a/new'],
  ['a/file/below', 'a/file/below'],
])('%s is inside', (path, real) => {
  expect(workspacePath(path, workspace)).toEqual({ real: join(workspace, real) })
  expect(workspacePath(join(workspace, path), workspace)).toEqual({ real: join(workspace, real) })
  expect(workspacePath(path, join(folder, 'link-to-workspace'))).toEqual({ real: join(workspace, real) })
})

test.each(['..', '../outside', '../workspace-2/x', '/etc/passwd', 'out', 'out/new', 'out/not/there', 'file', 'a/../../outside/secret'])(
  '%s is outside',
  (path) => {
    expect(workspacePath(path, workspace)).toEqual({ wrong: 'is outside the workspace' })
  },
)

test.each(['dangling', 'nowhere', 'self', 'dangling/x'])('%s leads nowhere', (path) => {
  expect(workspacePath(path, workspace)).toEqual({ wrong: 'is a broken link' })
})

test('another folder may be allowed besides', () => {
  expect(workspacePath(join(temp, 'report.json'), workspace, [temp])).toEqual({ real: join(temp, 'report.json') })
  expect(workspacePath('../temp/report.json', workspace, [temp])).toEqual({ real: join(temp, 'report.json') })
  expect(workspacePath('out/secret', workspace, [temp])).toEqual({ wrong: 'is outside the workspace' })
})
