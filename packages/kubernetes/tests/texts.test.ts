import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { jsonLines } from '../src/json-lines.ts'
import { parseLog } from '../src/log-lines.ts'
import { collect } from './collect.ts'

test('log lines keep their nanoseconds and their text', () => {
  const text = [
    '2026-07-01T12:00:00.123456789Z INFO 07-01 12:00:00 [api_server.py:1] starting  up ',
    '2026-07-01T12:00:01.5+02:00 ',
    'unable to retrieve container logs for containerd://0abc',
    '2026-07-01T12:00:02Z 30%|███       | 1/3\r100%|██████████| 3/3',
    '',
  ].join('\n')
  expect(parseLog(text)).toEqual([
    { time: '2026-07-01T12:00:00.123456789Z', text: 'INFO 07-01 12:00:00 [api_server.py:1] starting  up ' },
    { time: '2026-07-01T12:00:01.5+02:00', text: '' },
    { time: '2026-07-01T12:00:02Z', text: '30%|███       | 1/3\r100%|██████████| 3/3' },
  ])
})

async function* cut(bytes: Uint8Array, places: readonly number[]): AsyncGenerator<Uint8Array> {
  const ends = [...places.map((place) => place % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length]
  let from = 0
  for (const end of ends) {
    yield bytes.subarray(from, end)
    from = end
  }
}

test('JSON lines come out whole, wherever their bytes are cut', async () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constant('größe 🚀\n'))
  const value = fc.oneof(fc.record({ text }), fc.array(text), fc.integer())
  await fc.assert(
    fc.asyncProperty(fc.array(value), fc.array(fc.nat()), fc.boolean(), async (values, places, newlineAtEnd) => {
      const lines = values.map((value) => JSON.stringify(value)).join('\n') + (newlineAtEnd ? '\n' : '')
      expect(await collect(jsonLines('watch', cut(Buffer.from(lines), places)))).toEqual(values)
    }),
  )
})

test('a line that is cut is an error', async () => {
  await expect(collect(jsonLines('watch Pod', cut(Buffer.from('{"a":1}\n{"b":'), [3])))).rejects.toMatchObject({
    errorCode: 'cluster-response-malformed',
    transient: true,
  })
})

test('a line without end is an error', async () => {
  const endless = async function* () {
    for (;;) yield Buffer.alloc(1000, 120)
  }
  await expect(collect(jsonLines('watch Pod', endless(), 10_000))).rejects.toMatchObject({ errorCode: 'cluster-response-too-large' })
})
