import { versions } from '@prebake/versions'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { runStep } from '@prebake/action-kit/testing'
import { startSimulator, type Simulator } from '@prebake/simulator'
import { startRegistry, type RunningRegistry } from '@prebake/simulator/registry'

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

/** A build that ends as soon as it knows the sizes of model and image. @returns its error */
async function plan(registry: RunningRegistry): Promise<string> {
  const { main } = await runStep({
    action: join(import.meta.dirname, '..'),
    inputs: { ...simulator.demoInputs, images: `${new URL(registry.url).host}/vllm/vllm-openai:v${versions.vllm}`, 'volume-size': '20' },
    environment: simulator.environment,
    workspace: join(folder, 'workspace'),
    temp: folder,
  })
  return main.lines.filter((line) => line.startsWith('::error')).join('\n')
}

test('registries that ask in two ways, or lead to another one, give the same size as the plain one', async () => {
  const plain = await startRegistry()
  const guarded = await startRegistry({ scheme: 'both' })
  const vanity = await startRegistry({ leadsTo: guarded.url })
  try {
    const expected = await plan(plain)
    expect(expected).toContain('`volume-size`: 20 GiB is too small')
    expect(await plan(guarded)).toBe(expected)
    expect(await plan(vanity)).toBe(expected)
    expect(vanity.journal.entries().map(({ status }) => status)).toContain(307)
  } finally {
    await Promise.all([plain, guarded, vanity].map((registry) => registry.close()))
  }
})
