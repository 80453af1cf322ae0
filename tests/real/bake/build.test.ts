import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { BuildResult } from '../../../packages/snapshot/src/index.ts'
import { ctr, imageLabels, resolveWithHuggingFace, runInImage } from './look-on-node.ts'
import { startNode, type RealNode } from './node/start-node.ts'
import { imageSays } from './registry.ts'
import { hubToken, longestCommandSeconds, models, startScene, type Scene } from './start-scene.ts'

/** One build of the gated model; then a node that reaches nothing boots from the snapshot, with hub and registry gone. */
let scene: Scene
let built: BuildResult
let node: RealNode
let files: Record<string, string>

beforeAll(async () => {
  scene = await startScene()
  built = await scene.build({ model: models.gated })
  files = {}
  for (const { path } of built.plan.recipe.files) {
    const url = `${scene.hub.url}/${models.gated}/resolve/${built.plan.recipe.commit}/${path}`
    const content = await fetch(url, { headers: { authorization: `Bearer ${hubToken}` } })
    files[path] = createHash('sha256')
      .update(Buffer.from(await content.arrayBuffer()))
      .digest('hex')
  }
  await scene.registry.stop()
  await scene.hub.close()
  node = await startNode({ folder: scene.folder, volume: scene.cloud.fileOf(built.snapshotId), network: false })
})

afterAll(async () => {
  await node?.[Symbol.asyncDispose]()
  await scene?.[Symbol.asyncDispose]()
})

test('the build verified its own snapshot on a second node', () => {
  expect(built).toMatchObject({ reused: false })
  expect(scene.log).toContain(`Verified: files=${built.plan.recipe.files.length} images=1`)
  expect(scene.cloud.launched.map(({ dataVolume }) => dataVolume.snapshotId)).toEqual([undefined, built.snapshotId])
})

test('what pods read has the label that they may read, and no file of ours has another', async () => {
  const script = `getfattr --absolute-names --only-values -n security.selinux /mnt; echo
    find /mnt/models -exec getfattr --absolute-names -h -n security.selinux {} + 2>/dev/null | grep -v -e '^#' -e '^$' -e '="system_u:object_r:local_t:s0"$' || :`
  const { output } = await node.enter('bash', '-c', script)
  expect(output).toBe('system_u:object_r:local_t:s0\n')
})

test('no command was in the foreground for longer than 60 s', () => {
  expect(scene.cloud.commands.length).toBeGreaterThan(5)
  expect(Math.max(...scene.cloud.commands.map(({ seconds }) => seconds))).toBeLessThan(longestCommandSeconds)
})

test('the image is there by digest and by tag, complete, unpacked, the kubelet’s own and pinned', async () => {
  const { imageName, imageDigest } = scene.registry
  for (const reference of [`${imageName}@${imageDigest}`, `${imageName}:v1`]) {
    const check = await ctr(node, 'images', 'check', `name==${reference}`)
    expect(check).toMatch(/complete \(\d+\/\d+\).*true/)
    expect(await imageLabels(node, reference)).toBe('io.cri-containerd.image=managed,io.cri-containerd.pinned=pinned')
  }
})

test('the image runs, and reads the model where the pod will', async () => {
  const reference = `${scene.registry.imageName}@${scene.registry.imageDigest}`
  expect(await runInImage(node, reference)).toBe(`${imageSays}\n`)
  const sums = await runInImage(node, reference, '/bin/sha256sum', ...Object.keys(files).map((path) => `${built.modelPath}/${path}`))
  const found = sums
    .trim()
    .split('\n')
    .map((line) => line.split(/\s+/))
  expect(Object.fromEntries(found.map(([sum, path]) => [path?.slice(built.modelPath.length + 1), sum]))).toEqual(files)
})

test.each(['main', 'commit'])('huggingface_hub resolves the model offline by %s, byte for byte', async (by) => {
  const revision = by === 'main' ? 'main' : built.plan.recipe.commit
  const { folder, ...sums } = await resolveWithHuggingFace(node, models.gated, revision, Object.keys(files))
  expect(folder).toBe(built.modelPath)
  expect(sums).toEqual(files)
})

test('huggingface_hub finds nothing at another revision', async () => {
  await expect(resolveWithHuggingFace(node, models.gated, 'other', Object.keys(files))).rejects.toThrow(/LocalEntryNotFound|offline/i)
})
