import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { writeRendered } from '../src/write-rendered.ts'

const folder = mkdtempSync(join(tmpdir(), 'prebake-rendered-'))
const workspace = join(folder, 'workspace')
mkdirSync(join(folder, 'outside'))
mkdirSync(workspace)
symlinkSync('../outside', join(workspace, 'way-out'))
afterAll(() => rmSync(folder, { recursive: true }))

const files = [{ path: 'below/nodepool.yaml', text: 'kind: NodePool\n' }]

test('the folder is created, and the paths are relative to the workspace', () => {
  expect(writeRendered(files, 'out/rendered', workspace)).toEqual(['out/rendered/below/nodepool.yaml'])
  expect(readFileSync(join(workspace, 'out/rendered/below/nodepool.yaml'), 'utf8')).toBe('kind: NodePool\n')
})

test.each(['../outside', '/tmp', 'way-out'])('nothing is written outside the workspace: %s', (given) => {
  expect(() => writeRendered(files, given, workspace)).toThrow(
    expect.objectContaining({ problems: [expect.objectContaining({ code: 'output-folder-outside', input: 'output-folder' })] }),
  )
  expect(existsSync(join(folder, 'outside/below'))).toBe(false)
})
