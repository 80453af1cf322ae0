import { expect, test } from '@jest/globals'
import { ServiceError } from '@prebake/kernel'
import { nodeClaimFailure, nodeClaimHint } from '../src/observe/node-claims.ts'
import { dollarsPerHour } from '../src/observe/node-price.ts'
import { obedientCluster } from './obedient-cluster.ts'
import { request, run } from './rollout-story.ts'
import type { TestCluster } from '../../kubernetes/tests/test-cluster.ts'
import { classOf, versionedManifests } from './versioned-manifests.ts'

const resource = 'Resource "nvidia.com/gpu" was requested but not registered'

/** A NodeClaim whose conditions are True, but for those that are given. */
function claimOf(nodeClass: string, failing: Readonly<Record<string, string>>, name = 'vllm-a') {
  const conditions = ['Launched', 'Registered', 'Initialized'].map((type) => {
    const message = failing[type]
    return message === undefined ? { type, status: 'True' } : { type, status: 'Unknown', reason: 'Because', message }
  })
  return {
    apiVersion: 'karpenter.sh/v1',
    kind: 'NodeClaim',
    metadata: { name, labels: { 'karpenter.sh/nodepool': 'vllm', 'node.kubernetes.io/instance-type': 'g6.2xlarge' } },
    spec: { nodeClassRef: { group: 'karpenter.k8s.aws', kind: 'EC2NodeClass', name: nodeClass } },
    status: { providerID: 'aws:///us-west-2a/i-0123456789abcdef0', conditions },
  }
}

test('a node without its GPU is named with its instance and what it costs', () => {
  expect(nodeClaimFailure(claimOf('vllm-1', { Initialized: resource }))).toBe(
    `NodeClaim vllm-a (i-0123456789abcdef0, g6.2xlarge, about $0.98 an hour): Initialized=Unknown, Because: ${resource}`,
  )
  expect(dollarsPerHour('x1.unknown')).toBeUndefined()
})

test.each([
  [{ Launched: 'no capacity', Registered: 'not launched', Initialized: 'not launched' }, /could not launch/],
  [{ Registered: 'no node', Initialized: 'no node' }, /has not joined the cluster.*`kubectl delete nodeclaim vllm-a` ends it\.$/],
  [{ Initialized: resource }, /device plugin.*`kubectl delete nodeclaim vllm-a` ends it\.$/],
])("the hint is about the first condition, in Karpenter's order, that is not True: %j", (failing, hint) => {
  const claim = claimOf('vllm-1', failing)
  expect(nodeClaimHint({ items: [claim] })).toMatch(hint)
  // Karpenter's order is not the order of the list.
  const reversed = { ...claim, status: { ...claim.status, conditions: claim.status.conditions.toReversed() } }
  expect(nodeClaimHint({ items: [reversed] })).toMatch(hint)
  expect(nodeClaimHint({ items: [claimOf('vllm-1', {})] })).toBeUndefined()
})

/** A rollout of `snap-2` that crashes, on a cluster with these NodeClaims. */
async function failWith(claims: readonly ReturnType<typeof claimOf>[], wrap: (cluster: TestCluster) => TestCluster = (cluster) => cluster) {
  const { cluster, clock } = await obedientCluster({ crashes: (image) => image === 'bad' })
  await run(cluster, clock, request({ manifests: versionedManifests('snap-1') }))
  for (const claim of claims) cluster.add(claim)
  const story = await run(wrap(cluster), clock, request({ manifests: versionedManifests('snap-2', 'bad') }))
  return {
    ...story,
    left: cluster
      .all('NodeClaim')
      .flatMap(({ metadata }) => (metadata.name.startsWith('vllm-') && metadata.deletionTimestamp === undefined ? [metadata.name] : [])),
  }
}

test('the rollback ends the nodes of the new NodeClass that never became usable, and no other', async () => {
  const { error, lines, left } = await failWith([
    claimOf(classOf('snap-2'), { Initialized: resource }, 'vllm-stuck'),
    claimOf(classOf('snap-2'), {}, 'vllm-usable'),
    claimOf(classOf('snap-2'), { Launched: 'no capacity' }, 'vllm-not-launched'),
    claimOf(classOf('snap-1'), { Initialized: resource }, 'vllm-of-before'),
  ])
  expect(error).toMatchObject({ errorCode: 'rollout-rolled-back', hint: expect.stringMatching(/could not launch|device plugin/) })
  expect(left.toSorted()).toEqual(['vllm-not-launched', 'vllm-of-before', 'vllm-usable'])
  expect(lines).toContain(
    'NodeClaim vllm-stuck (i-0123456789abcdef0, g6.2xlarge, about $0.98 an hour) deleted: its node never became usable',
  )
})

test('where the role may not delete it, the command that does is in a warning, and the rollback counts', async () => {
  const refused = new ServiceError({ operation: 'delete NodeClaim vllm-a', code: 'Forbidden', message: 'no', status: 403 })
  const { error, lines } = await failWith([claimOf(classOf('snap-2'), { Initialized: resource })], (cluster) => ({
    ...cluster,
    remove: (reference, end) => (reference.kind === 'NodeClaim' ? Promise.reject(refused) : cluster.remove(reference, end)),
  }))
  expect(error).toMatchObject({ errorCode: 'rollout-rolled-back' })
  expect(lines).toContainEqual(expect.stringContaining('`kubectl delete nodeclaim vllm-a`'))
})
