import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { CancelledError, type Reporter } from '@prebake/kernel'
import { textCache } from '../src/index.ts'

let workspace: string
beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'prebake-cache-'))
})
afterEach(() => rmSync(workspace, { recursive: true, force: true }))

const { signal } = new AbortController()

function open() {
  const lines: string[] = []
  const tell = (line: string) => void lines.push(line)
  const reporter = { info: tell, debug: tell } as unknown as Reporter
  return { cache: textCache({ env: { GITHUB_WORKSPACE: workspace }, reporter }), lines }
}

// tests/real/act has act's cache server.
test('a runner without a cache has no entry, says so to whoever debugs, and leaves nothing in the workspace', async () => {
  const { cache, lines } = open()
  await cache.save('key', 'text', signal)
  expect(await cache.restore('key', signal)).toBeUndefined()
  expect(lines).toHaveLength(2)
  expect(readdirSync(workspace)).toEqual([])
})

test('a cancel is none of its faults', async () => {
  const { cache } = open()
  await expect(cache.restore('key', AbortSignal.abort())).rejects.toThrow(CancelledError)
})
