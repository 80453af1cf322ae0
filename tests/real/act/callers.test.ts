import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { startHub, type RunningHub } from '@prebake/simulator/hub'
import { openCertificates, startProxy } from '@prebake/simulator/proxy'
import { documentedMatrix } from './documented-workflows.ts'
import { startScene, type ActScene } from './start-scene.ts'
import { simulatedWorld } from './worlds.ts'

/** A caller that bakes two models at once, first as it is and then behind a proxy that alone leads to the hub. */
let scene: ActScene
let hub: RunningHub
let folder: string
const certificates = openCertificates()
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'prebake-test-'))
  certificates.makeAuthority('corp')
  certificates.makeCertificate('server', 'corp', 'DNS:hub.test')
  writeFileSync(join(folder, 'corp.pem'), certificates.pem('corp.pem'))
  hub = await startHub({ tls: certificates.serverTls('server') })
  scene = await startScene(simulatedWorld)
  scene.stranger.commit({ '.github/workflows/bake.yml': caller(scene.simulator.demoInputs['images'] ?? '') })
})
afterAll(async () => {
  await scene?.[Symbol.asyncDispose]()
  await hub?.close()
  certificates.remove()
  rmSync(folder, { recursive: true, force: true })
})

const caller = (images: string) => `name: bake
on: workflow_dispatch
permissions: {}
jobs:
  snapshots:
    permissions:
      contents: read # check out the actions
      id-token: write # assume the AWS role
${documentedMatrix().replace('Qwen/Qwen3-8B', 'mistralai/Mistral-7B-Instruct-v0.3').replaceAll(/^/gm, '    ').trimEnd()}
      images: ${images}
      volume-size: 60
    secrets:
      HF_TOKEN: \${{ secrets.HF_TOKEN }}
      PREBAKE_APP_PRIVATE_KEY: \${{ secrets.PREBAKE_APP_PRIVATE_KEY }}
`

const bake = (environment: Readonly<Record<string, string>> = {}) =>
  scene.run({ repository: scene.stranger, workflow: '.github/workflows/bake.yml', event: 'workflow_dispatch' }, { environment })

let published: Readonly<Record<string, string>>

test('a matrix bakes two models and publishes each in its own variable', async () => {
  const { exitCode, log } = await bake()
  if (exitCode !== 0) console.log(log)
  expect(exitCode).toBe(0)
  published = scene.simulator.variables()
  const snapshot = expect.stringMatching(/^snap-/)
  expect(published).toEqual({ AWQ_SNAPSHOT_ID: snapshot, QWEN_SNAPSHOT_ID: snapshot })
  expect(new Set(Object.values(published)).size).toBe(2)
  expect(scene.running()).toEqual([])
})

test('behind a proxy the same workflow finds both again', async () => {
  await using proxy = await startProxy({ to: { 'hub.test': hub.url }, login: 'me:p@ss' })
  const { exitCode, log } = await bake({
    HF_ENDPOINT: 'https://hub.test',
    HTTPS_PROXY: `http://me:p%40ss@127.0.0.1:${proxy.port}`,
    NODE_EXTRA_CA_CERTS: join(folder, 'corp.pem'),
  })
  if (exitCode !== 0) console.log(log)
  expect(exitCode).toBe(0)
  expect(log.match(/^Reused snap-/gm)).toHaveLength(2)
  expect(new Set(proxy.asked)).toEqual(new Set(['hub.test:443']))
  expect(scene.simulator.variables()).toEqual(published)
})

test('verify-on-aws bakes, gives each assumption its verdict, and leaves nothing', async () => {
  const path = '.github/workflows/verify-on-aws.yml'
  // The simulator's hub and registry have other names for what is small.
  const text = readFileSync(join(scene.prebake.folder, path), 'utf8')
    .replace('HuggingFaceTB/SmolLM2-135M-Instruct', 'TheBloke/Mistral-7B-Instruct-v0.2-AWQ')
    .replace(/images: .*/, `images: ${scene.simulator.demoInputs['images']}`)
    .replace('volume-size: 20', 'volume-size: 60')
  scene.prebake.commit({ [path]: text })
  const before = scene.simulator.aws.snapshots().length
  const { exitCode, log } = await scene.run({ workflow: path, event: 'workflow_dispatch' })
  if (exitCode !== 0) console.log(log)
  expect(exitCode).toBe(0)
  expect(log).toMatch(/\d\d hold, 0 do not hold, 2 unknown, \d\d not checked by this workflow/)
  expect(log).toContain('Nothing with the tag purpose=verify-on-aws is left.')
  expect(scene.simulator.aws.snapshots()).toHaveLength(before)
  expect(scene.running()).toEqual([])
})
