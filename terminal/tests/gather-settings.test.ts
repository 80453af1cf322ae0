import { expect, test } from '@jest/globals'
import { gatherSettings, type Known } from '../src/optimize/gather-settings.ts'
import type { Question } from '../src/screen/ask.ts'

const kubeconfig = { path: 'k', context: 'c', server: 'https://one.test', clusterName: undefined, region: undefined }
const nothing: Known = { given: {}, kubeconfig, nodes: { nodeRole: undefined, clusterName: undefined }, env: {} }

async function gather(known: Partial<Known>, answers: Readonly<Record<string, string>> = {}) {
  const asked: string[] = []
  const asker = {
    answer: ({ name, suggestion }: Question) => {
      asked.push(name)
      return Promise.resolve(suggestion ?? `answered ${name}`)
    },
    confirm: () => Promise.resolve(),
    close: () => {},
  }
  return { settings: await gatherSettings({ ...nothing, ...known }, { answers: () => answers }, asker), asked }
}

test('only what cannot be found out is asked', async () => {
  const { settings, asked } = await gather({
    kubeconfig: { ...kubeconfig, clusterName: 'gpu', region: 'us-west-2' },
    nodes: { nodeRole: 'node', clusterName: 'other' },
  })
  expect(asked).toEqual(['model'])
  expect(settings).toMatchObject({ 'cluster-name': 'gpu', region: 'us-west-2', 'node-role': 'node', 'instance-profile': 'prebake-builder' })
})

test('all that is unknown is asked', async () => {
  expect((await gather({})).asked).toEqual(['model', 'cluster-name', 'region', 'node-role'])
})

const earlier = {
  model: 'a/b',
  'cluster-name': 'gpu',
  region: 'eu-west-1',
  'node-role': 'old',
  'instance-profile': 'mine',
  server: 'https://one.test',
}

test('an earlier answer is not asked again, and what the cluster says now comes first', async () => {
  const { settings, asked } = await gather({ nodes: { nodeRole: 'new', clusterName: undefined } }, earlier)
  expect(asked).toEqual([])
  expect(settings).toMatchObject({
    model: 'a/b',
    'cluster-name': 'gpu',
    region: 'eu-west-1',
    'node-role': 'new',
    'instance-profile': 'mine',
  })
})

test('for another cluster, answers about the earlier one do not count', async () => {
  const { settings, asked } = await gather({}, { ...earlier, server: 'https://two.test' })
  expect(asked).toEqual(['cluster-name', 'region', 'node-role'])
  expect(settings.model).toBe('a/b')
})

test('an option comes before everything', async () => {
  const { settings } = await gather({ given: { model: 'c/d', region: 'ap-south-1' }, env: { AWS_REGION: 'us-east-1' } }, earlier)
  expect(settings).toMatchObject({ model: 'c/d', region: 'ap-south-1' })
})
