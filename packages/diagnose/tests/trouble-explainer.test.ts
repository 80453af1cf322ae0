import { expect, test } from '@jest/globals'
import { PrebakeError } from '@prebake/kernel'
import { withFaultScene } from './fault-scene.ts'

const noTolerations = (text: string) => text.replace(/\n {6}tolerations:\n.*\n/, '\n')
const noModel = (text: string) => text.replace('- ${MODEL_PATH}', '- /opt/no-model')

test.each([
  ['untolerated-taint', noTolerations],
  ['model-missing', noModel],
] as const)(
  'a rollout that fails by %s names it beside its own words, says no line twice, and the remedy is its hint',
  async (rule, change) => {
    await withFaultScene(async ({ rollOut }) => {
      const { error } = await rollOut(change, { timeoutMs: 900_000 })
      expect(error).toBeInstanceOf(PrebakeError)
      expect(error?.message).toMatch(/^Roll out Deployment default\/vllm: /)
      const { trouble, hint = '', message = '' } = error ?? {}
      expect(trouble?.code).toBe(rule)
      expect(hint.startsWith(trouble?.remedy ?? '?')).toBe(true)
      const [first = '', ...evidence] = trouble?.lines ?? []
      expect(first).toContain(rule)
      expect(first).not.toContain(trouble?.remedy)
      expect(evidence.filter((line) => line.startsWith('   by hand: ')).length).toBeGreaterThan(0)
      expect(evidence.filter((line) => message.includes(line.trim()))).toEqual([])
      expect(trouble?.markdown).toContain(rule)
    })
  },
)

test('the verdict on a snapshot is said once', async () => {
  await withFaultScene(async ({ simulator, snapshotId, rollOut }) => {
    await simulator.aws.disturb({ kind: 'snapshot-spoiled', snapshotId, flaw: 'broken image' })
    const { error } = await rollOut((text) => text, { timeoutMs: 900_000, snapshots: true })
    expect(error?.message).toContain(`${snapshotId} is to blame (image-broken)`)
    expect(error?.trouble?.code).toBe('snapshot-image-broken')
    expect(error?.trouble?.lines.filter((line) => line.includes(snapshotId))).toEqual([expect.stringContaining('by hand')])
  })
})

test('a diagnosis that fails is one warning, and the failure is what it was', async () => {
  await withFaultScene(async ({ rollOut }) => {
    const { error, lines } = await rollOut(noTolerations, {
      timeoutMs: 300_000,
      diagnosed: (cluster) => ({ ...cluster, get: () => Promise.reject(new TypeError('not a function')) }),
    })
    expect(error?.message).toMatch(/did not tolerate/)
    expect(error?.trouble).toBeUndefined()
    expect(error?.hint).toBeDefined()
    expect(lines.filter((line) => line.includes('not a function'))).toHaveLength(1)
  })
})
