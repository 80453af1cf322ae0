import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { BuildPlan } from '../../../packages/snapshot/src/resolve-plan.ts'
import type { Effect, Met } from './gate.ts'
import { onBuilder } from './on-builder.ts'
import { startScene, type Scene } from './start-scene.ts'

/** Of the open model's weights, 6.5 MB here: seven ranges. */
const chunk = 1 << 20

let scene: Scene
let meet: (met: Met) => Effect
const isWeights = ({ path, start }: Met) => path.startsWith('/cdn/') && start !== undefined && start % chunk === 0

beforeAll(async () => {
  scene = await startScene({ withImage: false, meetHub: (met) => meet(met) })
})

afterAll(() => scene?.[Symbol.asyncDispose]())

/** The ranges that were served since then, by their first byte. */
const loads = (from: number) =>
  scene.hubGate.passed
    .slice(from)
    .filter(({ status, path }) => status === 206 && path.startsWith('/cdn/'))
    .map(({ start }) => start ?? 0)

const weights = (plan: BuildPlan) => plan.recipe.files.find(({ path }) => path === 'model.safetensors')

/** Every digest of the model on the volume. */
const digests = 'cd $MODEL/blobs && for file in *; do if [[ ${#file} == 64 ]]; then sha256sum $file; fi; done'
const isWhole = (lines: string) =>
  lines
    .trim()
    .split('\n')
    .every((line) => new Set(line.split(/\s+/)).size === 1)

test('a worker that is killed in mid-download is reported as gone, and the next one resumes', async () => {
  meet = (met) => (isWeights(met) && (met.start ?? 0) >= 4 * chunk ? 'hold' : undefined)
  await onBuilder(scene, async ({ begin, plan, tell, until, shell, watch }) => {
    await tell(`chunk\t${chunk}`)
    await begin()
    await until(({ files, bytes }) => files.done === plan.recipe.files.length - 1 && bytes.all - bytes.done < 3 * chunk)
    const before = await shell('ls $MODEL/blobs/*.incomplete.d')
    expect(before.trim().split('\n').sort()).toEqual([0, 1, 2, 3].map((range) => `${range * chunk}-${chunk}`))

    await shell('read -r pid _ <$MEMORY/state/worker && kill -KILL $pid')
    expect(await until(({ state }) => state !== 'running')).toMatchObject({ state: 'gone' })
    const from = scene.hubGate.passed.length
    meet = () => undefined
    await watch()
    expect(isWhole(await shell(digests))).toBe(true)
    expect(loads(from).sort((a, b) => a - b)).toEqual([4, 5, 6].map((range) => range * chunk))
  })
})

test('what was loaded when the container is lost with its memory is checked again: a truncated and an altered file are loaded again, no other', async () => {
  meet = () => undefined
  await onBuilder(scene, async ({ node, plan, watch, shell }) => {
    await watch()
    const files = plan.recipe.files.filter(({ digest }) => digest.algorithm === 'sha256')
    const [model, tokenizer] = [weights(plan), files.find(({ path }) => path === 'tokenizer.model')]
    await shell(`cd $MODEL/blobs
      truncate -s 1000 ${tokenizer?.digest.hex}
      printf x | dd of=${model?.digest.hex} bs=1 seek=3000000 conv=notrunc status=none`)
    expect(isWhole(await shell(digests))).toBe(false)
    const from = scene.hubGate.passed.length
    await node.restartAdmin()
    await watch()
    expect(isWhole(await shell(digests))).toBe(true)
    const again = scene.hubGate.passed.slice(from).filter(({ path, query }) => path.startsWith('/cdn/') && query.has('Signature'))
    expect([...new Set(again.map(({ path }) => path.slice('/cdn/'.length)))].sort()).toEqual(
      [model, tokenizer].map((file) => file?.digest.hex ?? '').sort(),
    )
    expect(scene.log.filter((line) => line.includes('no response'))).not.toEqual([])
  })
})

test('an altered range of an unfinished file is found by the digest of the whole, and the file is loaded again', async () => {
  meet = (met) => (isWeights(met) && met.start === 5 * chunk ? 'hold' : undefined)
  await onBuilder(scene, async ({ begin, tell, until, shell, watch, plan }) => {
    await tell(`chunk\t${chunk}`)
    await begin()
    await until(({ bytes }) => bytes.all - bytes.done === chunk)
    await shell(`printf x | dd of=$(echo $MODEL/blobs/*.incomplete) bs=1 seek=1000 conv=notrunc status=none`)
    const from = scene.hubGate.passed.length
    scene.hubGate.open()
    await watch()
    expect(isWhole(await shell(digests))).toBe(true)
    // The range that was held, and then all.
    expect(loads(from).sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 5, 6].map((range) => range * chunk))
    expect(weights(plan)?.size).toBeLessThanOrEqual(7 * chunk)
  })
})

test('a file that is not what was announced is loaded twice, and then named', async () => {
  const wrong = 'ab'.repeat(32)
  const alter = (plan: BuildPlan): BuildPlan => {
    const files = plan.recipe.files.map((file) =>
      file.path === 'tokenizer.model' ? { ...file, digest: { ...file.digest, hex: wrong } } : file,
    )
    return { ...plan, recipe: { ...plan.recipe, files } }
  }
  meet = () => undefined
  const failure = onBuilder(scene, ({ watch }) => watch(), { alter })
  await expect(failure).rejects.toThrow(
    new RegExp(`Bake on i-\\d: checking tokenizer.model: its sha256 is [0-9a-f]{64} instead of ${wrong}, twice\\.`),
  )
})
