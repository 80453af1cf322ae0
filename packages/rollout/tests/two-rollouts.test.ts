import { expect, test } from '@jest/globals'
import { obedientCluster } from './obedient-cluster.ts'
import { request, run } from './rollout-story.ts'
import { classOf, versionedManifests } from './versioned-manifests.ts'

test('a second rollout while the first waits: the first says so and touches nothing, the second serves, and no pause is left', async () => {
  let second: ReturnType<typeof run> | undefined
  const { cluster, clock } = await obedientCluster({
    step(world) {
      if (second !== undefined || !JSON.stringify(world.all('Deployment')[0]?.['spec'] ?? '').includes(classOf('snap-2'))) return
      second = run(cluster, clock, request({ manifests: versionedManifests('snap-3', 'three'), run: 'run-2' }))
    },
  })
  await run(cluster, clock, request({ manifests: versionedManifests('snap-1') }))
  const first = await run(cluster, clock, request({ manifests: versionedManifests('snap-2', 'two') }))
  const { outcome } = (await second) ?? {}
  expect(first.error).toMatchObject({ name: 'SupersededError', errorCode: 'rollout-superseded' })
  expect(outcome).toMatchObject({ changed: true })
  const [pool, deployment] = [cluster.find('NodePool'), cluster.find('Deployment')]
  expect(JSON.stringify([pool['spec'], deployment['spec']])).not.toContain(classOf('snap-2'))
  expect(JSON.stringify(deployment['spec'])).toContain(classOf('snap-3'))
  expect(pool.metadata.annotations ?? {}).toEqual({})
  expect(JSON.stringify(pool['spec'])).not.toContain('"nodes":"0"')
})
