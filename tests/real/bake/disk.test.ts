import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { parseStatus } from '../../../packages/snapshot/src/builder/parse-answer.ts'
import type { BuildPlan } from '../../../packages/snapshot/src/resolve-plan.ts'
import type { Effect, Met } from './gate.ts'
import { onBuilder } from './on-builder.ts'
import { startScene, type Scene } from './start-scene.ts'

let scene: Scene
let meet: (met: Met) => Effect

beforeAll(async () => {
  scene = await startScene({ meetHub: (met) => meet(met), meetRegistry: (met) => meet(met) })
})

afterAll(() => scene?.[Symbol.asyncDispose]())

/** Takes all of the volume but so many MiB. */
const leave = (mebibytes: number) =>
  `read -r _ free < <(df -B1 --output=size,avail /mnt | tail -n 1); fallocate -l $((free - (${mebibytes} << 20))) $NODE/host/local/ballast`
const isContent = ({ path }: Met) => path.startsWith('/cdn/')
const isLayer = ({ method, path }: Met) => method === 'GET' && path.includes('/blobs/')

test('a model that does not fit is refused before any of it is loaded, with what it needs and what is free', async () => {
  meet = () => undefined
  const failure = onBuilder(scene, async ({ watch, shell }) => {
    meet = (met) => (isLayer(met) ? 'hold' : undefined)
    await shell(leave(4))
    await watch()
  })
  await expect(failure).rejects.toThrow(
    /downloading the model: the files that are missing need 6 MiB and [34] MiB are free\. Choose a larger volume-size\./,
  )
  expect(scene.hubGate.passed.filter(isContent)).toEqual([])
})

test('a volume that fills up in mid-download is reported with the file, the needed and the free space', async () => {
  meet = () => undefined
  const detail = await onBuilder(scene, async ({ begin, until, shell, run }) => {
    // Slow enough that the volume is filled up long before the file is whole.
    meet = (met) => (isLayer(met) ? 'hold' : isContent(met) ? { pace: 250_000 } : undefined)
    await begin()
    await until(({ files }) => files.done > 0)
    await shell(leave(1))
    // Not by commands, which write to the full volume, too: one that is lost there starts another worker, which would find too little room for any of it.
    await shell('until [[ -e $MEMORY/state/result ]]; do sleep 0.1; done')
    return parseStatus(await run('status.sh'))?.detail
  })
  expect(detail).toMatch(
    /^writing model\.safetensors: the data volume is full; the file needs 6 MiB, [01] MiB are free\. Choose a larger volume-size\.$/,
  )
})

test('a volume that fills up while the image is pulled or unpacked is reported', async () => {
  meet = () => undefined
  // Small files only, so that it is the image that finds no place.
  const alter = (plan: BuildPlan): BuildPlan => ({
    ...plan,
    recipe: { ...plan.recipe, files: plan.recipe.files.filter(({ size }) => size < 1000) },
  })
  const failure = onBuilder(
    scene,
    async ({ watch, shell }) => {
      await shell(leave(1))
      await watch()
    },
    { alter },
  )
  const { imageName, imageDigest } = scene.registry
  await expect(failure).rejects.toThrow(
    new RegExp(
      `pulling the image ${imageName}@${imageDigest}: the data volume is full; \\d+ of \\d+ MiB are free\\. Choose a larger volume-size\\.`,
    ),
  )
})

test('seal refuses a volume with less than a fifth free, and seals it when there is more', async () => {
  meet = () => undefined
  await onBuilder(scene, async ({ watch, shell, run }) => {
    await watch()
    await shell(leave(50))
    const refused = await run('seal.sh')
    expect(refused.error).toMatch(/^sealing the volume: 1\d % of \d+ MiB are free, and below 20 % a node's kubelet deletes images\./)
    expect(await shell('ls -A /mnt/models')).not.toContain('.prebake')
    await shell('rm $NODE/host/local/ballast')
    expect((await run('seal.sh')).lines.get('sealed')).toHaveLength(1)
  })
})
