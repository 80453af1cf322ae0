import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { versions, vllmImage } from '@prebake/versions'
import { parse } from 'yaml'

const root = join(import.meta.dirname, '../..')
const read = (path: string): unknown => parse(readFileSync(join(root, path), 'utf8'))

test('a default build bakes on the release that the shipped NodeClass runs, and what the shipped Deployment serves', () => {
  const { inputs } = read('actions/build-snapshot/action.yml') as { inputs: Record<string, { default?: string }> }
  expect(inputs['bottlerocket-version']?.default).toBe(versions.bottlerocket)
  expect(inputs['kubernetes-version']?.default).toBe(versions.kubernetes)
  expect(inputs['images']?.default).toBe(vllmImage)
  const alias = (folder: string) => (read(`${folder}/nodeclass.yaml`) as { spec: { amiSelectorTerms: unknown } }).spec.amiSelectorTerms
  expect(alias('deploy/vllm/baseline')).toEqual([{ alias: `bottlerocket@v${inputs['bottlerocket-version']?.default}` }])
  // The snapshot says which release it was baked on.
  expect(alias('deploy/vllm')).toEqual([{ alias: 'bottlerocket@v${BOTTLEROCKET_VERSION}' }])
})
