import { versions } from '@prebake/versions'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { runStep } from '@prebake/action-kit/testing'
import { startSimulator, type Simulator } from '@prebake/simulator'
import { startHub, type RunningHub } from '@prebake/simulator/hub'
import { openCertificates, startProxy } from '@prebake/simulator/proxy'
import { startRegistry, type RunningRegistry } from '@prebake/simulator/registry'

/** A hub and a registry that only a proxy leads to, with certificates of a CA that only a file of the user's has. */
const { pem, serverTls, makeAuthority, makeCertificate, remove } = openCertificates()
let simulator: Simulator
let hub: RunningHub
let registry: RunningRegistry
let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'prebake-test-'))
  makeAuthority('corp')
  makeCertificate('server', 'corp', 'DNS:hub.test,DNS:registry.test')
  writeFileSync(join(folder, 'corp.pem'), pem('corp.pem'))
  const tls = serverTls('server')
  ;[simulator, hub, registry] = await Promise.all([startSimulator(), startHub({ tls }), startRegistry({ tls })])
})
afterAll(async () => {
  await Promise.all([simulator.stop(), hub.close(), registry.close()])
  rmSync(folder, { recursive: true, force: true })
  remove()
})

const servers = () => ({ 'hub.test': hub.url, 'registry.test': registry.url })

/** A build that ends as soon as it knows the sizes of model and image. */
async function plan(environment: Record<string, string>) {
  const { main } = await runStep({
    action: join(import.meta.dirname, '..'),
    inputs: { ...simulator.demoInputs, images: `registry.test/vllm/vllm-openai:v${versions.vllm}`, 'volume-size': '20' },
    environment: {
      ...simulator.environment,
      HF_ENDPOINT: 'https://hub.test',
      NODE_EXTRA_CA_CERTS: join(folder, 'corp.pem'),
      ...environment,
    },
    workspace: join(folder, 'workspace'),
    temp: folder,
  })
  return { ...main, errors: main.lines.filter((line) => line.startsWith('::error')) }
}

test.each(['HTTPS_PROXY', 'https_proxy'])('hub and registry are asked through %s, with its name and password', async (variable) => {
  await using proxy = await startProxy({ to: servers(), login: 'me:p@ss' })
  const { errors, lines } = await plan({ [variable]: `http://me:p%40ss@127.0.0.1:${proxy.port}`, NO_PROXY: 'amazonaws.com' })
  expect(errors).toEqual([expect.stringContaining('`volume-size`: 20 GiB is too small')])
  expect(new Set(proxy.asked)).toEqual(new Set(['hub.test:443', 'registry.test:443']))
  expect(lines.join('\n')).not.toContain('p%40ss')
})

test('a wrong password: one error that names the proxy and what to check, without the password', async () => {
  await using proxy = await startProxy({ to: servers(), login: 'me:right' })
  const { errors, lines } = await plan({ HTTPS_PROXY: `http://me:s3cret@127.0.0.1:${proxy.port}` })
  expect(errors).toHaveLength(1)
  for (const words of [`the proxy http://127.0.0.1:${proxy.port} (HTTPS_PROXY)`, '407', 'name and password'])
    expect(errors[0]).toContain(words)
  expect(lines.join('\n')).not.toContain('s3cret')
})

test('hosts that NO_PROXY names are not asked of the proxy', async () => {
  await using proxy = await startProxy({ to: servers() })
  const { errors } = await plan({ HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`, NO_PROXY: 'registry.test,hub.test' })
  expect(errors).toHaveLength(1)
  expect(errors[0]).toMatch(/no answer from (hub|registry)\.test/)
  expect(proxy.asked).toEqual([])
})

test.each([
  ['HF_ENDPOINT', { HF_ENDPOINT: 'hf-mirror.com' }, 'Write `https://hf-mirror.com`'],
  ['HF_ENDPOINT', { HF_ENDPOINT: 'https://me:s3cret@hub.test' }, 'contains a name or password'],
  ['HTTPS_PROXY', { HTTPS_PROXY: 'http://me:s3cret@' }, 'not the address of an HTTP proxy'],
])('a malformed %s is one error that names it, without its password', async (name, environment, words) => {
  const { errors, lines } = await plan(environment)
  expect(errors).toEqual([expect.stringContaining(`\`${name}\``)])
  expect(errors[0]).toContain(words)
  expect(lines.join('\n')).not.toContain('s3cret')
})
