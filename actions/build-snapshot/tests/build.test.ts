import { versions } from '@prebake/versions'
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import { runStep } from '@prebake/action-kit/testing'
import { startSimulator, type Fault, type Simulator } from '@prebake/simulator'

let folder: string
let simulator: Simulator | undefined
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'prebake-test-'))
  mkdirSync(join(folder, 'machines'))
})
afterEach(async () => simulator?.stop())
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function build(
  options: { inputs?: Record<string, string>; faults?: readonly Fault[]; onLine?: (line: string, pid: number) => void } = {},
) {
  const running = (simulator = await startSimulator({ faults: options.faults ?? [], folder: join(folder, 'machines') }))
  let pid: number | undefined
  const step = await runStep({
    action: join(import.meta.dirname, '..'),
    inputs: { ...running.demoInputs, ...options.inputs },
    environment: running.environment,
    workspace: join(folder, 'workspace'),
    temp: folder,
    onStart: (started) => (pid = started),
    onLine: (line) => {
      if (pid !== undefined) options.onLine?.(line, pid)
    },
  })
  const alive = () => running.aws.instances().filter(({ state }) => state !== 'terminated' && state !== 'shutting-down')
  return { ...step, running, alive, operations: () => running.requests().map(({ operation }) => operation) }
}

test('a gated model is baked, its small files by way of the runner, and no token or address lies in a command', async () => {
  const model = 'mistralai/Mistral-7B-Instruct-v0.3'
  const { main, running, alive, post } = await build({
    inputs: { model, 'hf-token': 'hf_granted', 'bottlerocket-version': '1.56.0', 'kubernetes-version': '1.32' },
  })
  expect(main.lines.filter((line) => line.startsWith('::error'))).toEqual([])
  expect(main.outputs).toMatchObject({ reused: 'false', 'snapshot-id': expect.stringMatching(/^snap-/) })
  const manifest = JSON.parse(readFileSync(main.outputs['manifest'] ?? '', 'utf8')) as { files: { path: string }[] }
  expect(main.outputs['image-digests']).toMatch(/^127\.0\.0\.1:\d+\/vllm\/vllm-openai@sha256:[0-9a-f]{64}$/)
  expect(running.aws.snapshots()[0]?.tags).toMatchObject({
    'prebake:model-path': main.outputs['model-path'],
    'prebake:image-1': main.outputs['image-digests'],
    'prebake:image-1-tag': `v${versions.vllm}`,
    'prebake:containerd': '1.7.29',
  })
  expect(manifest.files.map(({ path }) => path)).toContain('model-00003-of-00003.safetensors')
  expect(manifest.files.map(({ path }) => path)).not.toContain('consolidated.safetensors')
  const commands = JSON.stringify(running.requests().filter(({ operation }) => operation === 'SendCommand'))
  const decoded = [...commands.matchAll(/[A-Za-z0-9+/=]{200,}/g)].map(([word]) => Buffer.from(word, 'base64').toString('latin1')).join('\n')
  for (const text of [commands, decoded]) for (const secret of ['hf_granted', 'Signature=', '/cdn/']) expect(text).not.toContain(secret)
  expect(commands).toContain('run start.sh')
  expect(decoded).toContain('open_envelope()')
  expect(alive()).toEqual([])
  expect((await post?.())?.exitCode).toBe(0)
})

test('a model of another shape: what its index and its folders say is baked, in few requests, and what is left out is named', async () => {
  const model = 'prebake-examples/mixture-of-experts'
  const { main, running } = await build({ inputs: { model, files: 'README.md', verify: 'full' } })
  expect(main.lines.filter((line) => line.startsWith('::error'))).toEqual([])
  const manifest = JSON.parse(readFileSync(main.outputs['manifest'] ?? '', 'utf8')) as { files: { path: string }[] }
  expect(manifest.files.map(({ path }) => path)).toEqual([
    ...['README.md', 'additional_chat_templates/tools.jinja', 'chat_template.jinja', 'config.json'],
    ...['model-00001-of-000003.safetensors', 'model-00002-of-000003.safetensors', 'model-00003-of-000003.safetensors'],
    ...['model.safetensors.index.json', 'model_mtp.safetensors', 'tokenizer.json', 'tokenizer_config.json'],
  ])
  expect(main.lines.join('\n')).toContain('Left out in `metal/`: 1 file (0.00 GB).')
  expect(main.summary).toContain('Left out in `metal/`: 1 file (0.00 GB).')
  const requests = running.requests().filter(({ server }) => server === 'hub')
  const decided = requests.slice(
    0,
    requests.findIndex(({ parameters }) => JSON.stringify(parameters).includes('"range"')),
  )
  // Each small file of a public model is one redirect and its content.
  expect(decided.map(({ operation }) => operation.replace(/^GET /, '')).toSorted()).toEqual(
    [
      ...['/api/models/…', '/api/models/…/tree'],
      ...['config.json', 'model.safetensors.index.json', 'tokenizer_config.json'].map((path) => `/…/resolve ${path}`),
      ...['config.json', 'model.safetensors.index.json', 'tokenizer_config.json'].map((path) => `/api/resolve-cache/… ${path}`),
    ].toSorted(),
  )
})

test('cancelled while it bakes: the process ends at once, and post leaves nothing behind', async () => {
  const { main, post, alive, running } = await build({
    onLine: (line, pid) => {
      if (line.includes('running: model')) process.kill(pid, 'SIGINT')
    },
  })
  expect(main.exitCode).toBe(1)
  expect(main.lines.some((line) => line.startsWith('::warning') && line.includes('cancelled'))).toBe(true)
  expect(alive()).toHaveLength(1)
  const cleaned = await post?.()
  expect(cleaned?.exitCode).toBe(0)
  expect(cleaned?.lines.join('\n')).toContain('Terminated i-')
  expect(alive()).toEqual([])
  expect(running.aws.snapshots()).toEqual([])
})

test('a file that the hub does not have fails the build with its name, and ends the builder', async () => {
  const { main, alive, operations } = await build({
    faults: [
      {
        server: 'hub',
        operation: 'GET /cdn/… model.safetensors',
        times: Infinity,
        effect: { kind: 'error', status: 404, code: 'EntryNotFound', message: 'Entry not found' },
      },
    ],
  })
  const [error = ''] = main.lines.filter((line) => line.startsWith('::error'))
  expect(error).toContain('downloading model.safetensors: HTTP 404')
  expect(main.exitCode).toBe(1)
  expect(operations()).not.toContain('CreateSnapshot')
  expect(alive()).toEqual([])
})

test('a refusal of EC2 is quoted', async () => {
  const message = 'You are not authorized to perform this operation.'
  const { main, alive } = await build({
    faults: [
      {
        server: 'aws',
        operation: 'RunInstances',
        times: Infinity,
        effect: { kind: 'error', status: 403, code: 'UnauthorizedOperation', message },
      },
    ],
  })
  const [error = ''] = main.lines.filter((line) => line.startsWith('::error'))
  for (const words of ['RunInstances', 'UnauthorizedOperation', message, 'ec2:RunInstances']) expect(main.lines.join('\n')).toContain(words)
  expect(error).toContain('UnauthorizedOperation')
  expect(alive()).toEqual([])
})

test('a snapshot that lost part of a file fails its verification, and says so on its tags', async () => {
  const { main, running, alive } = await build({
    onLine: (line) => {
      if (!/Snapshot snap-[0-9a-f]+ of vol-/.test(line)) return
      for (const weights of globSync(join(folder, 'machines/**/blobs/3984a8af695c*'))) truncateSync(weights, 1000)
    },
  })
  expect(main.exitCode).toBe(1)
  expect(main.lines.join('\n')).toContain('model.safetensors has 1000 bytes instead of 64857504')
  expect(running.aws.snapshots()[0]?.tags).toMatchObject({ 'prebake:verified': 'failed' })
  expect(alive()).toEqual([])
})

test.each([
  ['the newest release, with containerd 2.3 in every variant', { 'kubernetes-version': '1.32' }, '2.3.1'],
  ['arm64, on a type that has it', { architecture: 'aarch64', 'bottlerocket-version': '1.57.0', verify: 'none' }, '2.1.6'],
])('%s: builds, and the tag says what the builder runs', async (_title, inputs, containerd) => {
  const { main, running } = await build({ inputs })
  expect(main.lines.filter((line) => line.startsWith('::error'))).toEqual([])
  expect(running.aws.snapshots()[0]?.tags).toMatchObject({ 'prebake:containerd': containerd })
  expect(main.summary).toContain(`containerd ${containerd}`)
})
