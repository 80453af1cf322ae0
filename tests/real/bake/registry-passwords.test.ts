import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { ImageReference } from '../../../packages/image-reference/src/index.ts'
import { ociRegistry } from '../../../packages/registry/src/index.ts'
import { buildSnapshot, type BuildResult, type ImageRegistry, type RegistryLogins } from '../../../packages/snapshot/src/index.ts'
import { findInText, findInVolume } from './find-secrets.ts'
import { ctr, imageLabels } from './look-on-node.ts'
import { startNode } from './node/start-node.ts'
import { ecrHost, ecrPassword, robotLogin, startPrivateRegistry, type PrivateRegistry } from './private-registry.ts'
import { startScene, type Scene } from './start-scene.ts'

/** One image from a registry with a login, the same one from "ECR": a name that the node resolves to this machine, with the kubelet's plugin beside. */
let scene: Scene
let registry: PrivateRegistry
let built: BuildResult
const secrets = { 'registry password': robotLogin.password, 'ECR password': ecrPassword }

beforeAll(async () => {
  scene = await startScene({ onLaunch: (node) => registry.knowEcr(node) })
  registry = await startPrivateRegistry(scene.folder)
  built = await build({ [registry.host]: robotLogin }, [registry.host, ecrHost])
})

afterAll(async () => {
  await registry?.stop()
  await scene?.[Symbol.asyncDispose]()
})

function build(logins: RegistryLogins, registries: readonly string[]): Promise<BuildResult> {
  const images = registries.map((name): ImageReference => ({ registry: name, repository: 'vllm', tag: 'v1', digest: undefined }))
  const request = { ...scene.request, images, registryLogins: logins, verify: 'none' as const }
  return buildSnapshot(request, { ...scene.ports, registry: onRunner() }, AbortSignal.timeout(150_000))
}

/** The runner asks the same registry for the digests; what AWS would give it for ECR is given here. */
function onRunner(): ImageRegistry {
  const toRegistry: typeof fetch = (input, init) =>
    fetch((input as URL).href.replace(`https://${ecrHost}`, `http://${registry.host}`), init)
  return ociRegistry({
    clock: scene.ports.clock,
    fetch: toRegistry,
    logins: { [registry.host]: robotLogin },
    ecrLogin: async () => ({ username: 'AWS', password: ecrPassword }),
  })
}

test('both images are on the snapshot, complete and the kubelet’s own, with the registry gone', async () => {
  await using node = await startNode({ folder: scene.folder, volume: scene.cloud.fileOf(built.snapshotId), network: false })
  for (const host of [registry.host, ecrHost]) {
    for (const name of [`${host}/vllm@${scene.registry.imageDigest}`, `${host}/vllm:v1`]) {
      expect(await ctr(node, 'images', 'check', `name==${name}`)).toMatch(/complete \(\d+\/\d+\).*true/)
      expect(await imageLabels(node, name)).toBe('io.cri-containerd.image=managed,io.cri-containerd.pinned=pinned')
    }
  }
})

test('no block of the snapshot holds a password, and the scan sees what was deleted', async () => {
  const volume = scene.cloud.fileOf(built.snapshotId)
  expect(await findInVolume(volume, secrets)).toEqual([])
  expect(await findInVolume(volume, { 'deleted script': "printf 'prebake:error %s" })).toEqual(['deleted script'])
})

test('no command, answer or log line holds one', () => {
  const reported = [...scene.cloud.commands.flatMap(({ line, output }) => [line, output]), ...scene.log].join('\n')
  expect(reported).toContain('prebake:key')
  expect(findInText(reported, secrets)).toEqual([])
})

test('the same bake with the wrong login fails in the registry’s words, and with none on the node', async () => {
  const wrong = { username: 'robot', password: 'GuessedRegistryPassword' }
  const attempt = build({ [registry.host]: wrong }, [registry.host])
  await expect(attempt).rejects.toThrow(/pulling the image 127\.0\.0\.1:\d+\/vllm@sha256:.*(401|authoriz)/i)
  await expect(attempt).rejects.not.toThrow('GuessedRegistryPassword')
  expect(findInText(scene.log.join('\n'), { password: wrong.password })).toEqual([])
})
