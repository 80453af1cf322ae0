import { expect, test } from '@jest/globals'
import { InputError } from '@prebake/kernel'
import { readContents } from '../../src/model-files/read-contents.ts'
import type { ModelFile, ModelListing } from '../../src/ports/model-hub.ts'

const { signal } = new AbortController()

/** A hub with these files, that notes what is read. */
function hubWith(texts: Readonly<Record<string, string>>, sizes: Readonly<Record<string, number>> = {}) {
  const read: string[] = []
  const digest = { algorithm: 'sha256', hex: '00' } as const
  const files = Object.entries(texts).map(([path, text]): ModelFile => ({ path, size: sizes[path] ?? text.length, digest }))
  const listing: ModelListing = { model: 'owner/name', commit: 'c'.repeat(40), restricted: false, files }
  const hub = { read: async (_: ModelListing, { path }: ModelFile) => (read.push(path), new TextEncoder().encode(texts[path] ?? '')) }
  return { read, contents: () => readContents(hub, listing, signal) }
}

test('reads the files that decide, once each, and no others', async () => {
  const { read, contents } = hubWith({
    'config.json': '{"model_type":"llama"}',
    'tokenizer.json': '{}',
    '1_Pooling/config.json': '{}',
    'README.md': '',
  })
  expect([...(await contents())]).toEqual([['config.json', { model_type: 'llama' }]])
  expect(read).toEqual(['config.json'])
})

test('understands JSON as Python writes it', async () => {
  const { contents } = hubWith({ 'config.json': '{"time_step_limit": [0.0, Infinity], "x": [-Infinity, NaN], "say": "NaN \\" Infinity"}' })
  expect((await contents()).get('config.json')).toEqual({ time_step_limit: [0, null], x: [null, null], say: 'NaN " Infinity' })
})

test('names every file that is not JSON', async () => {
  const refusal = await hubWith({ 'config.json': '<html>', 'modules.json': '', 'processor_config.json': '{}' })
    .contents()
    .catch((error: unknown) => error)
  expect(refusal).toBeInstanceOf(InputError)
  expect(new Set((refusal as InputError).problems.map(({ code }) => code))).toEqual(new Set(['model-file-malformed']))
  expect((refusal as InputError).problems.map(({ wrong }) => wrong)).toEqual([
    expect.stringContaining('`config.json` of `owner/name` is not valid JSON'),
    expect.stringContaining('`modules.json` of `owner/name` is not valid JSON'),
  ])
})

test('reads an index of a hundred megabytes, and nothing that is too large', async () => {
  const index = 'model.safetensors.index.json'
  await expect(hubWith({ [index]: '{}' }, { [index]: 100e6 }).contents()).resolves.toBeDefined()
  const { read, contents } = hubWith({ [index]: '{}', 'config.json': '{}' }, { [index]: 200e6, 'config.json': 20e6 })
  const refusal = (await contents().catch((error: unknown) => error)) as InputError
  expect(refusal.problems).toHaveLength(2)
  expect(refusal.message).toContain('`config.json` of `owner/name` has 20000000 bytes')
  expect(read).toEqual([])
})

test('does not read a tokenizer’s configuration of more than a megabyte', async () => {
  const { read, contents } = hubWith(
    { 'tokenizer_config.json': '{}', 'processor_config.json': '{}' },
    { 'tokenizer_config.json': 1_160_000 },
  )
  expect([...(await contents()).keys()]).toEqual(['processor_config.json'])
  expect(read).toEqual(['processor_config.json'])
})
