import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { startHub } from '../../src/hub/start-hub.ts'

test('a file of this machine is served as it is, whole and by range, in place of the hub’s own model of that name', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'prebake-hub-'))
  const source = join(folder, 'weights')
  const content = randomBytes(200_000)
  writeFileSync(source, content)
  const id = 'TheBloke/Mistral-7B-Instruct-v0.2-AWQ'
  const file = { path: 'model.safetensors', source, fullSize: content.length, lfs: true }
  const hub = await startHub({
    rate: 1,
    models: [{ id, commit: 'a'.repeat(40), gated: false, lastModified: '2026-10-01T00:00:00.000Z', files: [file] }],
  })
  try {
    const resolved = await fetch(`${hub.url}/${id}/resolve/main/${file.path}`, { redirect: 'manual' })
    expect(resolved.headers.get('x-linked-etag')).toBe(`"${createHash('sha256').update(content).digest('hex')}"`)
    expect(resolved.headers.get('x-linked-size')).toBe('200000')
    const read = async (headers: Record<string, string>) =>
      Buffer.from(await (await fetch(resolved.headers.get('location') ?? '', { headers })).arrayBuffer())
    expect(await read({})).toEqual(content)
    expect(await read({ range: 'bytes=65000-131999' })).toEqual(content.subarray(65_000, 132_000))
  } finally {
    await hub.close()
    rmSync(folder, { recursive: true })
  }
})
