import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Effect, Met } from './gate.ts'
import { ctr } from './look-on-node.ts'
import { onBuilder } from './on-builder.ts'
import { startScene, type Scene } from './start-scene.ts'

let scene: Scene
let meet: (met: Met) => Effect

beforeAll(async () => {
  scene = await startScene({
    meetRegistry: (met) => meet(met),
    onLaunch: async ({ enter }) => void (await enter('bash', '-c', 'echo PREBAKE_PULL_PAUSE=1 >$NODE/admin-settings')),
  })
})

afterAll(() => scene?.[Symbol.asyncDispose]())

const isBlob = ({ method, path }: Met) => method === 'GET' && path.includes('/blobs/')

/** At most three: each may cost one of the four tries, when containerd happens to ask for no other blob meanwhile. */
test.each<[title: string, effects: readonly Effect[]]>([
  ['refuses and resets', [{ status: 503 }, { resetAfter: 10 }, { status: 429, headers: { 'retry-after': '1' } }]],
  ['alters', ['altered']],
])('an image is pulled although the registry %s what it serves', async (_title, effects) => {
  // Of the builder alone: what comes before is the runner's question for the digest.
  let blobs = 0
  meet = () => undefined
  await onBuilder(scene, async ({ watch, node }) => {
    meet = (met) => (isBlob(met) ? effects[blobs++] : undefined)
    await watch()
    expect(blobs).toBeGreaterThan(effects.length)
    const { imageName, imageDigest } = scene.registry
    expect(await ctr(node, 'images', 'check', `name==${imageName}@${imageDigest}`)).toMatch(/complete.*true/)
  })
})

test('a registry that does not give the image is given up after four tries, with its name and ctr’s words', async () => {
  let pulls = 0
  meet = () => undefined
  const failure = onBuilder(scene, async ({ watch }) => {
    meet = ({ path }) => {
      if (!path.includes('/manifests/')) return undefined
      pulls += 1
      return { status: 404 }
    }
    await watch()
  })
  const { imageName, imageDigest } = scene.registry
  await expect(failure).rejects.toThrow(`pulling the image ${imageName}@${imageDigest}: ctr: `)
  await expect(failure).rejects.toThrow('Check that it exists and that the builder may read it.')
  expect(pulls).toBeGreaterThanOrEqual(4)
})
