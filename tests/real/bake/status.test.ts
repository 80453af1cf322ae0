import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { onBuilder } from './on-builder.ts'
import { startScene, type Scene } from './start-scene.ts'

let scene: Scene

beforeAll(async () => {
  scene = await startScene({ withImage: false })
})

afterAll(() => scene?.[Symbol.asyncDispose]())

test('a checked file counts in full while its ranges are being deleted, and a kubelet that comes back fails the bake', async () => {
  await onBuilder(scene, async ({ plan, watch, until, shell }) => {
    await watch()
    const weights = plan.recipe.files.find(({ path }) => path === 'model.safetensors')?.digest.hex ?? ''
    // As it is between the new name and the link: some ranges are still known, others are not.
    await shell(
      `rm $MODEL/snapshots/*/model.safetensors && mkdir $MODEL/blobs/${weights}.incomplete.d && touch $MODEL/blobs/${weights}.incomplete.d/0-1048576`,
    )
    const { files, bytes } = await until(() => true)
    expect(files).toEqual({ done: plan.recipe.files.length - 1, all: plan.recipe.files.length })
    expect(bytes.done).toBe(bytes.all)

    await shell('echo active >$NODE/units/kubelet.service')
    await expect(watch()).rejects.toThrow('the kubelet is active although it was masked.')
  })
})
