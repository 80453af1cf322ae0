import { expect, test } from '@jest/globals'
import { isolateManifests } from '@prebake/manifests'
import { createCopy } from '../src/index.ts'
import { recordingReporter } from './recording-reporter.ts'
import { healthy, manifestsFor, refuse } from './rollout-story.ts'
import { steppingClock } from './stepping-clock.ts'
import { testCluster } from '../../kubernetes/tests/test-cluster.ts'

const signal = AbortSignal.any([])
const settings = `---
apiVersion: v1
kind: ConfigMap
metadata: { name: settings }
data: { a: b }
---
apiVersion: v1
kind: Service
metadata: { name: inference }
spec: { selector: { app: vllm } }
`
const copy = () =>
  isolateManifests(manifestsFor('one', settings), {
    owner: '4711-1-0badcafe',
    copy: 'candidate',
    namespace: 'default',
    replicas: 1,
    lostAfter: new Date(0),
  })

test('a ConfigMap of the copy goes with its NodePool; a Service is not copied', async () => {
  const cluster = await testCluster()
  const reporter = recordingReporter()
  const ports = { cluster, clock: steppingClock(healthy(cluster)), reporter }
  await createCopy({ copy: copy(), run: '4711-1-0badcafe', timeoutMs: 600_000 }, ports, signal)
  const pool = cluster.find('NodePool')
  expect(cluster.find('ConfigMap').metadata).toMatchObject({
    name: 'settings-0badcafe-candidate',
    ownerReferences: [{ kind: 'NodePool', name: 'vllm-0badcafe-candidate', uid: pool.metadata.uid }],
  })
  expect(cluster.all('Service')).toEqual([])
  expect(reporter.lines).toContain('Not copied, because it acts on what serves: Service inference')
})

test('a document that is refused: nothing of the copy is made', async () => {
  const cluster = await testCluster()
  refuse(cluster, 'Deployment', 422)
  const ports = { cluster, clock: steppingClock(healthy(cluster)), reporter: recordingReporter() }
  const creating = createCopy({ copy: copy(), run: '4711-1-0badcafe', timeoutMs: 600_000 }, ports, signal)
  await expect(creating).rejects.toMatchObject({ errorCode: 'document-refused' })
  expect(cluster.calls().filter((call) => call.startsWith('apply'))).toEqual([])
})
