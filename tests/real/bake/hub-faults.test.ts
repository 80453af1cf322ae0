import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Effect, Met, Passed } from './gate.ts'
import { onBuilder } from './on-builder.ts'
import { models, startScene, type Scene } from './start-scene.ts'

const chunk = 1 << 21
/** Shorter than on a real builder, so that a stalled connection and a hub that stays down are seen within the test's time. */
const settings = ['PREBAKE_SLOW_SECONDS=5', 'PREBAKE_TRIES=4']

let scene: Scene
let meet: (met: Met) => Effect

beforeAll(async () => {
  scene = await startScene({
    withImage: false,
    meetHub: (met) => meet(met),
    onLaunch: async ({ enter }) => void (await enter('bash', '-c', `printf '%s\n' ${settings.join(' ')} >$NODE/admin-settings`)),
  })
})

afterAll(() => scene?.[Symbol.asyncDispose]())

/** Which requests of the builder for a file's content came through, in the order of their answers. The runner asks for addresses, not for content. */
const askedFor = (digest: string): Passed[] => scene.hubGate.passed.filter(({ path }) => path === `/cdn/${digest}`)
const digestsOnVolume = 'cd $MODEL/blobs && for file in *; do if [[ ${#file} == 64 ]]; then sha256sum $file; fi; done'

test('each of a gated model’s files meets another fault, and all arrive', async () => {
  const faults: Record<string, (met: Met) => Effect> = {
    // Stalled: below 64 KiB/s for longer than is waited for.
    'model-00001-of-00003.safetensors': ({ start, count }) => (start === 0 && count === 1 ? { pace: 1000 } : undefined),
    'model-00002-of-00003.safetensors': ({ start, count }) => (start === chunk && count < 3 ? { resetAfter: chunk / 2 } : undefined),
    'model-00003-of-00003.safetensors': ({ start, count }) => {
      if (start === 0 && count === 1) return { status: 429, headers: { 'retry-after': '4' } }
      if (start === chunk && count === 1) return { status: 429, headers: { ratelimit: '"resolvers";r=0;t=5' } }
      return start === 2 * chunk && count < 3 ? { status: 503 } : undefined
    },
    'tokenizer.model': () => 'whole',
    'tokenizer.model.v3': ({ start, count }) => (start === undefined ? undefined : count === 1 ? { status: 500 } : { status: 416 }),
  }
  meet = () => undefined
  await onBuilder(
    scene,
    async ({ plan, tell, watch, shell }) => {
      const pathOf = new Map(plan.recipe.files.map(({ path, digest }) => [`/cdn/${digest.hex}`, path]))
      // A request of the runner for an address has no path here.
      meet = (met) => faults[pathOf.get(met.path) ?? '']?.(met)
      await tell(`chunk\t${chunk}`)
      await watch()
      const lines = (await shell(digestsOnVolume)).trim().split('\n')
      expect(lines).toHaveLength(5)
      for (const line of lines) expect(new Set(line.split(/\s+/)).size).toBe(1)

      const file = (name: string) => plan.recipe.files.find(({ path }) => path === name)?.digest.hex ?? ''
      const [stalled, reset, busy] = [1, 2, 3].map((number) => askedFor(file(`model-0000${number}-of-00003.safetensors`)))
      const of = (passed: Passed[] = [], first: number) => passed.filter(({ start }) => start === first)
      expect(of(stalled, 0)).toHaveLength(2)
      expect(of(reset, chunk)).toHaveLength(3)
      expect(of(busy, 2 * chunk).map(({ status }) => status)).toEqual([503, 503, 206])
      // Waited for as long as was asked.
      for (const [first, seconds] of [
        [0, 4],
        [chunk, 5],
      ] as const) {
        const [refused, served] = of(busy, first)
        expect((served?.at ?? 0) - (refused?.at ?? 0)).toBeGreaterThanOrEqual(seconds * 1000)
      }
    },
    { model: models.gated },
  )
})

test('where ranges are not satisfied, one whole GET follows', async () => {
  meet = ({ path, start }) => (path.startsWith('/cdn/') && start !== undefined ? { status: 416 } : undefined)
  await onBuilder(scene, async ({ plan, watch, shell }) => {
    await watch()
    expect(await shell(digestsOnVolume)).not.toBe('')
    const weights = plan.recipe.files.find(({ path }) => path === 'model.safetensors')
    const whole = askedFor(weights?.digest.hex ?? '').filter(({ status }) => status === 200)
    expect(whole.at(-1)).toMatchObject({ start: undefined })
  })
})

test('an address that has expired in mid-download is renewed by the runner, and only what is missing is loaded with the new one', async () => {
  // The scene's hour is twelve seconds long; the first range takes longer.
  meet = ({ path, start }) => (path.startsWith('/cdn/') && start === 0 ? { pace: chunk / 14 } : undefined)
  await onBuilder(scene, async ({ plan, tell, watch, shell }) => {
    await tell(`chunk\t${chunk}`, 'parallel\t1')
    const from = scene.hubGate.passed.length
    await watch()
    const weights = plan.recipe.files.find(({ path }) => path === 'model.safetensors')?.digest.hex ?? ''
    const asked = askedFor(weights).filter((met) => scene.hubGate.passed.indexOf(met) >= from)
    const statuses = asked.map(({ status }) => status)
    expect(statuses).toContain(403)
    const signatures = (status: number) => new Set(asked.filter((met) => met.status === status).map(({ query }) => query.get('Signature')))
    expect(signatures(206).size).toBe(2)
    // No range twice.
    const loaded = asked.filter(({ status }) => status === 206).map(({ start }) => start)
    expect(new Set(loaded).size).toBe(loaded.length)
    expect(await shell(`sha256sum $MODEL/blobs/${weights}`)).toContain(`${weights} `)
  })
})

test('a hub that stays down is given up within the limit, with the file, the status and curl’s words', async () => {
  meet = ({ path }) => (path.startsWith('/cdn/') ? { status: 503 } : undefined)
  const failure = onBuilder(scene, ({ watch }) => watch())
  await expect(failure).rejects.toThrow(
    /Bake on i-\d: downloading (model\.safetensors|tokenizer\.model) \(bytes from 0 on\): 4 tries, the last one HTTP 503 with 0 of \d+ bytes \(.*503.*\)/,
  )
})

test('an address that is refused again and again is given up, and the token is named', async () => {
  meet = ({ path }) => (path.startsWith('/cdn/') ? { status: 403 } : undefined)
  const failure = onBuilder(scene, ({ watch }) => watch())
  await expect(failure).rejects.toThrow(
    /6 addresses in a row were refused, the last with HTTP 403\. Check that the token may read this repository/,
  )
})
