import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { runStep, type PhaseResult } from '@prebake/action-kit/testing'
import { startSimulator, subnets, type Simulator } from '@prebake/simulator'

let simulator: Simulator
let folder: string
beforeAll(async () => {
  simulator = await startSimulator()
  folder = mkdtempSync(join(tmpdir(), 'prebake-test-'))
})
afterAll(async () => {
  await simulator.stop()
  rmSync(folder, { recursive: true, force: true })
})

async function build(inputs: Record<string, string>, environment: Record<string, string> = {}): Promise<PhaseResult> {
  const { main } = await runStep({
    action: join(import.meta.dirname, '..'),
    inputs: { ...simulator.demoInputs, ...inputs },
    environment: { ...simulator.environment, ...environment },
    workspace: join(folder, 'workspace'),
    temp: folder,
  })
  return main
}

const gated = 'mistralai/Mistral-7B-Instruct-v0.3'

test.each<[string, Record<string, string>, readonly string[]]>([
  ['an unknown model', { model: 'missing/nothing' }, ['`model`', 'missing/nothing']],
  ['an unknown revision', { revision: 'v9' }, ['`revision`', 'v9']],
  ['a gated model without a token', { model: gated }, ['`hf-token`', `/${gated}`]],
  ['a gated model whose access was not granted', { model: gated, 'hf-token': 'hf_denied' }, [`/${gated}`]],
  ['a model without safetensors', { model: 'prebake-examples/pytorch-only' }, ['`model`', 'no weights as safetensors']],
  ['an upload that is not complete', { model: 'prebake-examples/incomplete-upload' }, ['`model`', '`model-00002-of-00002.safetensors`']],
  ['a format that the model does not have', { format: 'mistral' }, ['`format`', 'no weights in Mistral']],
  ['a pattern that matches nothing', { files: '*.gguf' }, ['`files`', '`*.gguf` matches no file']],
  ['a volume that is too small', { 'volume-size': '20' }, ['`volume-size`: 20 GiB is too small', 'Set at least']],
  ['an unknown Bottlerocket', { 'bottlerocket-version': '9.9.9' }, ['`bottlerocket-version`', '9.9.9']],
  ['an unknown Kubernetes', { 'kubernetes-version': '1.99' }, ['`kubernetes-version`', '1.99']],
  ['latest', { images: 'vllm/vllm-openai:latest' }, ['`images`', 'has the tag `latest`']],
  ['a malformed image', { images: 'VLLM:1' }, ['`images`', 'not an image reference']],
  [
    'images as a list of YAML',
    { images: '- docker.io/vllm/vllm-openai:v0.11.0' },
    ['`images`: `- docker.io/vllm/vllm-openai:v0.11.0` is not an image reference. One per line, without a dash'],
  ],
  ['a port that is out of range', { images: 'registry.example.com:99999/x:v1' }, ['`images`', 'registry.example.com:99999']],
  ['a subnet with no way out', { 'subnet-id': subnets.isolated.subnetId }, ['`subnet-id`', 'no route out', 'ssmmessages']],
  ['a subnet that does not exist', { 'subnet-id': 'subnet-00000000000000000' }, ['`subnet-id`', 'subnet-00000000000000000']],
  [
    'a type with other processors',
    { architecture: 'arm64', 'instance-type': 'm6i.2xlarge' },
    ['`instance-type`: m6i.2xlarge has x86_64 processors', 'such as m7g.2xlarge'],
  ],
  ['a type that does not exist', { 'instance-type': 'm99.large' }, ['`instance-type`', 'm99.large']],
  ['a profile that does not exist', { 'instance-profile': 'missing' }, ['`instance-profile`', 'Invalid IAM Instance Profile name']],
  ['a misspelt input', { 'kubernetes-versoin': '1.34' }, ['Did you mean `kubernetes-version`?']],
])('%s: one clear error, and nothing is created', async (_title, inputs, words) => {
  const before = simulator.requests().length
  const { exitCode, lines, outputs } = await build(inputs)
  const errors = lines.filter((line) => line.startsWith('::error'))
  expect(exitCode).toBe(1)
  expect(errors).toHaveLength(1)
  for (const word of words) expect(errors[0]).toContain(word)
  expect(outputs).toEqual({})
  expect(
    simulator
      .requests()
      .slice(before)
      .map(({ operation }) => operation),
  ).not.toContain('RunInstances')
})

test('neither region nor credentials: both are reported', async () => {
  const { exitCode, lines } = await build({}, { AWS_REGION: '', AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '', HOME: folder })
  expect(exitCode).toBe(1)
  const [error = ''] = lines.filter((line) => line.startsWith('::error'))
  expect(error).toContain('`aws-region`')
  expect(error).toContain('configure-aws-credentials')
})

test('several things are wrong at once: one error has them all', async () => {
  const wrong = {
    model: 'missing/nothing',
    'subnet-id': subnets.isolated.subnetId,
    'kubernetes-version': '1.99',
    'instance-type': 'm99.large',
  }
  const { lines } = await build(wrong)
  const errors = lines.filter((line) => line.startsWith('::error'))
  expect(errors).toHaveLength(1)
  for (const input of Object.keys(wrong).map((name) => `\`${name}\``)) expect(errors[0]).toContain(input)
})

test('credentials that expire too early are reported at the start, with the setting that fixes it', async () => {
  const end = new Date(simulator.now().getTime() + 45 * 60_000).toISOString()
  const environment = { AWS_SESSION_TOKEN: 'a-session', AWS_CREDENTIAL_EXPIRATION: JSON.stringify(end) }
  const { lines } = await build({ model: 'missing/nothing' }, environment)
  const [warning = ''] = lines.filter((line) => line.startsWith('::warning'))
  for (const words of [end, 'may take 90 min', '`role-duration-seconds: 5400`']) expect(warning).toContain(words)
})

test('a hub address with a password is refused, and the password shows nowhere', async () => {
  const { lines } = await build({ 'hub-endpoint': 'https://user:hunter2secret@hub.example' })
  expect(lines.filter((line) => line.startsWith('::error'))).toEqual([
    expect.stringContaining('`hub-endpoint`: It contains a name or password.'),
  ])
  expect(lines.join('\n')).not.toContain('hunter2secret')
})

test('the token is masked and shows nowhere', async () => {
  const { lines } = await build({ model: gated, 'hf-token': simulator.hubToken, 'volume-size': '20' })
  const showing = lines.filter((line) => line.includes(simulator.hubToken))
  expect(showing).toEqual([`::add-mask::${simulator.hubToken}`])
})
