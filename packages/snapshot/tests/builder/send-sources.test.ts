import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from '@jest/globals'
import { systemClock } from '@prebake/kernel'
import type { Line } from '../../src/builder/run-on-builder.ts'
import { sendPlan } from '../../src/builder/send-sources.ts'

test('no two envelopes have one name, also when the same is sent again', async () => {
  const sent: string[] = []
  const builders: Partial<Line['builders']> = {
    async send(_, line) {
      sent.push(Buffer.from(/echo (\S+) \|/.exec(line)?.[1] ?? '', 'base64').toString())
      return 'command'
    },
    lookAtCommand: async () => ({ status: 'Success', statusDetails: '', exitCode: 0, stdout: 'prebake:started', stderr: '' }),
  }
  const line: Line = {
    instanceId: 'i-1',
    builders: builders as Line['builders'],
    clock: systemClock(),
    signal: new AbortController().signal,
  }
  const { publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  for (let times = 0; times < 2; times++) await sendPlan(line, publicKey, ['parallel\t1', `piece\t0\t0\t${'A'.repeat(27_990)}`])

  const names = sent.map((body) => /start\.sh" (\S+)/.exec(body)?.[1])
  expect(names).toHaveLength(4)
  expect(new Set(names).size).toBe(4)
  for (const [index, name] of names.entries()) expect(sent[index]).toContain(`put "inbox/${name}"`)
})
