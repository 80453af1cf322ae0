import { expect, test } from '@jest/globals'
import { TimeoutError } from '@prebake/kernel'
import type { Manifest } from '@prebake/manifests'
import { verifyRollout } from '../src/index.ts'
import { obedientCluster, type Obedience } from './obedient-cluster.ts'
import { recordingReporter } from './recording-reporter.ts'
import { classOf, versionedManifests } from './versioned-manifests.ts'

const { signal } = new AbortController()
const write = { dryRun: false, force: false }

async function verify({ cluster, clock }: Awaited<ReturnType<typeof obedientCluster>>, manifests = versionedManifests('snap-1')) {
  const reporter = recordingReporter()
  const request = { manifests, namespace: 'default', timeoutMs: 600_000 }
  const outcome = await verifyRollout(request, { cluster, clock, reporter }, signal).catch((error: unknown) => error)
  return { outcome, lines: reporter.lines }
}
/** Another client applies one manifest after the other, a minute apart. */
const applySlowly = (manifests: readonly Manifest[]): Obedience => ({
  step(cluster, seconds) {
    const manifest = seconds % 60 === 0 ? manifests[seconds / 60 - 1] : undefined
    const namespace = manifest?.document.kind === 'Deployment' ? { namespace: 'default' } : {}
    if (manifest) void cluster.apply({ ...manifest.document, metadata: { ...manifest.document.metadata, ...namespace } }, write, signal)
  },
})

test('waits until another client has applied all of it and it serves, and applies nothing itself', async () => {
  const world = await obedientCluster(applySlowly(versionedManifests('snap-1')))
  const { outcome, lines } = await verify(world)
  expect(outcome).toMatchObject({ changed: false, applied: [{ kind: 'EC2NodeClass' }, { kind: 'NodePool' }, { kind: 'Deployment' }] })
  expect(lines[1]).toBe(
    `EC2NodeClass ${classOf('snap-1')} is not there yet; NodePool vllm is not there yet; Deployment default/vllm is not there yet`,
  )
  expect(lines).toContain('Deployment default/vllm is not there yet')
  expect(lines.at(-1)).toBe('Deployment default/vllm: 1 of 1 updated, 1 ready, 1 available')
  expect(world.cluster.calls().filter((call) => call.startsWith('apply'))).toHaveLength(3)
})

test('what was applied from another commit is not it', async () => {
  const world = await obedientCluster(applySlowly(versionedManifests('snap-1', 'another')))
  const { outcome } = await verify(world)
  expect(outcome).toBeInstanceOf(TimeoutError)
  expect(outcome).toMatchObject({ errorCode: 'manifests-not-applied' })
  expect((outcome as Error).message).toContain('Last seen: Deployment default/vllm differs from its manifest.')
})
