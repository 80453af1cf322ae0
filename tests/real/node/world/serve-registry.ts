import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { launchProgram, type Running } from '../../cluster/parts/launch-program.ts'

/** Serves a registry's storage as it is, on an address `host:port`; nothing can be pushed. `folder` takes configuration and log. */
export async function serveRegistry(folder: string, storage: string, address: string): Promise<Running> {
  const config = join(folder, 'registry.yml')
  const readOnly = 'maintenance: {readonly: {enabled: true}}'
  writeFileSync(config, `version: 0.1\nstorage: {filesystem: {rootdirectory: ${storage}}, ${readOnly}}\nhttp: {addr: '${address}'}\n`)
  const registry = launchProgram('docker-registry', 'docker-registry', ['serve', config], { logFile: join(folder, 'registry.log') })
  await registry.until('it serves', async () => (await fetch(`http://${address}/v2/`)).ok)
  return registry
}
