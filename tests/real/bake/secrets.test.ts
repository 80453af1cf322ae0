import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { composeCommand } from '../../../packages/snapshot/src/builder/compose-command.ts'
import { hostScripts } from '../../../packages/snapshot/src/host-scripts.ts'
import type { BuildResult } from '../../../packages/snapshot/src/index.ts'
import { findInText, findInVolume, type Secrets } from './find-secrets.ts'
import { copyVolume, makeVolume } from './node/data-volume.ts'
import { startNode, type RealNode } from './node/start-node.ts'
import { hubToken, models, startScene, type Scene } from './start-scene.ts'

let scene: Scene
let built: BuildResult
let secrets: Secrets

beforeAll(async () => {
  scene = await startScene()
  built = await scene.build({ model: models.gated, verify: 'none' })
  secrets = {
    'hub token': hubToken,
    'private key': '-----BEGIN PRIVATE KEY-----',
    ...Object.fromEntries(scene.addresses.map((url, index) => [`signature ${index}`, new URL(url).searchParams.get('Signature') ?? ''])),
    // Decoded they are the model's own files; as they travel they must not be seen, neither as they are nor compressed.
    ...Object.fromEntries(scene.pieces.flatMap((bytes, index) => inBase64(`piece ${index}`, bytes))),
    ...Object.fromEntries(
      scene.pieces.flatMap((bytes, index) => inBase64(`packed piece ${index}`, gzipSync(bytes, { level: 9 }).subarray(12))),
    ),
  }
})

/** Wherever in a longer text the content begins, one of the three is in its base64. */
const inBase64 = (name: string, bytes: Uint8Array) =>
  [0, 1, 2].map((start) => [`${name} from ${start}`, Buffer.from(bytes.subarray(start, start + 60)).toString('base64')] as const)

afterAll(() => scene?.[Symbol.asyncDispose]())

test('a gated model has signed addresses and files that only the runner can read', () => {
  expect(scene.addresses.length).toBeGreaterThanOrEqual(4)
  expect(scene.pieces.length).toBeGreaterThanOrEqual(5)
})

test('no block of the snapshot holds a secret, and its public parts are found', async () => {
  expect(await findInVolume(scene.cloud.fileOf(built.snapshotId), secrets)).toEqual([])
  // The scan can see what lies in blocks of files that seal has deleted: the agent's copy of the first command, and a file of the model.
  const marks = { 'deleted script': "printf 'prebake:error %s", model: '"MistralForCausalLM"' }
  expect(await findInVolume(scene.cloud.fileOf(built.snapshotId), marks)).toEqual(['deleted script', 'model'])
})

test('no command, answer, log line or user data holds a secret', () => {
  const reported = [
    ...scene.cloud.commands.flatMap(({ line, output }) => [line, output]),
    ...scene.log,
    ...scene.cloud.launched.map((spec) => JSON.stringify(spec)),
    ...scene.hub.journal.entries().map((entry) => JSON.stringify(entry)),
  ].join('\n')
  expect(reported).toContain('prebake:key')
  expect(findInText(reported, secrets)).toEqual([])
})

/** What the scan finds on a fresh volume after `plant` had its way with the node. */
async function scanAfter(plant: (node: RealNode) => Promise<unknown>): Promise<string[]> {
  const volume = join(scene.folder, 'planted.xfs')
  makeVolume(volume, 320)
  await using node = await startNode({ folder: scene.folder, volume })
  await plant(node)
  await node.stop()
  await copyVolume(volume, `${volume}.copy`)
  return findInVolume(`${volume}.copy`, { 'hub token': hubToken })
}

/** In base64, a line's end falls into the token at either width. */
const around = `a line of other words, and then ${hubToken}`

test.each([
  ['nothing is planted', ':', []],
  ['it lies in a file', `echo ${hubToken} > /mnt/file`, ['hub token']],
  ['its file was deleted', `echo ${hubToken} > /mnt/file && rm /mnt/file`, ['hub token']],
  ['it lies in base64, wrapped at 64', `base64 -w 64 <<<'${around}' > /mnt/file`, ['hub token']],
  ['it lay in base64, wrapped at 76, in a file that was deleted', `base64 <<<'${around}' > /mnt/file && rm /mnt/file`, ['hub token']],
])('the scan is right when %s', async (_, script, expected) => {
  expect(await scanAfter((node) => node.enter('bash', '-c', script))).toEqual(expected)
})

test('the scan finds what a command carries in the clear, although seal empties the agent’s folder', async () => {
  const scripts = hostScripts()
  const files = {
    scripts: { 'lib.sh': scripts['lib.sh'], 'status.sh': scripts['status.sh'] },
    inbox: { plan: `address\t0\t${hubToken}\n` },
  }
  const send = async (node: RealNode) => {
    const [line = ''] = composeCommand('status.sh', [], files)
    expect((await node.run(line)).output).toContain('prebake:status state=idle')
    await node.enter('bash', '-c', 'rm -rf "$NODE"/host/local/host-containers/*')
  }
  expect(await scanAfter(send)).toEqual(['hub token'])
})

test('the scan finds what the admin container keeps in its own /tmp for a moment', async () => {
  const word = Buffer.from(`echo ${hubToken} > /tmp/passing; rm /tmp/passing`).toString('base64')
  const line = `apiclient exec -T admin bash -c 'base64 -d <<< ${word} | bash'`
  // The line itself holds the token too, in base64: so it is looked for in the clear only.
  const volume = join(scene.folder, 'passing.xfs')
  makeVolume(volume, 320)
  await using node = await startNode({ folder: scene.folder, volume })
  await node.run(line)
  await node.stop()
  expect(await findInVolume(volume, { token: `${hubToken}\n` })).toEqual(['token'])
})
