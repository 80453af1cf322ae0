import { expect, test } from '@jest/globals'
import { openLine } from '../../src/hub/bandwidth.ts'
import { startHub } from '../../src/hub/start-hub.ts'

const weights = '/TheBloke/Mistral-7B-Instruct-v0.2-AWQ/resolve/main/model.safetensors'

test('a signed address expires after an hour of simulated time', async () => {
  // An hour is 36 ms.
  const hub = await startHub({ scale: 65_536, rate: 100_000 })
  try {
    const range = { Range: 'bytes=0-0' }
    const address = (await fetch(new URL(weights, hub.url), { redirect: 'manual' })).headers.get('location') ?? ''
    await hub.clock.sleep(3700)
    expect((await fetch(address, { headers: range })).status).toBe(403)
    const renewed = (await fetch(new URL(weights, hub.url), { redirect: 'manual' })).headers.get('location') ?? ''
    expect((await fetch(renewed, { headers: range })).status).toBe(206)
  } finally {
    await hub.close()
  }
})

/** A clock on which only sleeping takes time. */
function sleepyClock() {
  let now = 0
  return {
    origin: 0,
    rate: 1,
    now: () => new Date(now),
    realMs: (seconds: number) => seconds * 1000,
    async sleep(seconds: number) {
      const end = now + seconds * 1000
      await Promise.resolve()
      now = Math.max(now, end)
    },
  }
}

async function carry(throttle: ReturnType<typeof openLine>, chunks: number, weight: number): Promise<number> {
  let bytes = 0
  for await (const chunk of throttle(
    Array.from({ length: chunks }, () => new Uint8Array(1_000_000)),
    weight,
  ))
    bytes += chunk.length
  return bytes
}

test('one connection is held to its speed, and bytes count at their full size', async () => {
  const clock = sleepyClock()
  // 10 MB that stand for 640 MB, at 100 MB/s.
  expect(await carry(openLine(clock, 10, 1), 10, 64)).toBe(10_000_000)
  expect(clock.now().getTime() / 1000).toBeCloseTo(6.4, 1)
})

test('many connections share the line', async () => {
  const clock = sleepyClock()
  const throttle = openLine(clock, 10, 5)
  await Promise.all(Array.from({ length: 8 }, () => carry(throttle, 10, 1)))
  // 80 MB at 200 MB/s in all; each alone would take 0.1 s. The slack of 50 ms may be used once.
  expect(clock.now().getTime() / 1000).toBeGreaterThan(0.34)
})
