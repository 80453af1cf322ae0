import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { connectCluster } from '../../../../packages/kubernetes/src/index.ts'
import { diagnoseStartup, type Diagnosis } from '../../../../packages/diagnose/src/index.ts'
import { applyOrder } from '../../../../packages/manifests/src/index.ts'
import { deployer, startControlPlane, type ControlPlane } from '../start-control-plane.ts'
import { grantShippedRole } from './deploy-role.ts'
import { shippedManifests, type Changes } from './shipped-manifests.ts'

/** Each fault is made on the real API server, scheduler and Karpenter, and named by the words in which they speak of it. */
const { signal } = new AbortController()
const missing = 'snap-0eeeeeeeeeeeeeee5'
const forbidden = 'snap-0fffffffffffffff6'
const scarce = 'snap-0ddddddddddddddd4'

interface Fault extends Changes {
  /** The rule that has to come first. */
  readonly rule: string
  /** What of the shipped files is changed. */
  readonly replace?: readonly [from: string | RegExp, to: string]
}
const selector = /(prebake\.dev\/nodeclass: \S+)\n(\s+tolerations)/
const faults: Readonly<Record<string, Fault>> = {
  label: { rule: 'refused-node-label', replace: [selector, '$1\n        karpenter.sh/colour: blue\n$2'] },
  taint: { rule: 'untolerated-taint', replace: [/ +tolerations:\n.*\n/, ''] },
  limits: { rule: 'nodepool-limits', replace: ['nvidia.com/gpu: 8', 'nvidia.com/gpu: 0'] },
  pool: { rule: 'no-nodepool-fits', replace: [selector, 'prebake.dev/nodeclass: gone\n$2'] },
  class: { rule: 'node-class-not-ready', replace: ["karpenter.sh/discovery: 'proving'", "karpenter.sh/discovery: 'nowhere'"] },
  // Karpenter 1.14.0 says no word of it; whoever may ask EC2 is told which snapshot.
  snapshot: { rule: 'node-class-not-ready', snapshotId: missing },
  permission: { rule: 'permission-missing', snapshotId: forbidden },
  capacity: { rule: 'no-capacity', snapshotId: scarce },
}

let plane: ControlPlane
beforeAll(async () => {
  plane = await startControlPlane({ hasSnapshot: (id) => id !== missing })
  plane.aws.refused.set(forbidden, { code: 'UnauthorizedOperation', message: 'You are not authorized to perform this operation.' })
  plane.aws.refused.set(scarce, {
    code: 'InsufficientInstanceCapacity',
    message: 'We currently do not have sufficient capacity.',
    ofFleet: true,
  })
  await grantShippedRole(plane.api)
  const { cluster } = await connectCluster({ kubeconfig: plane.kubeconfig })
  for (const [name, fault] of Object.entries(faults))
    for (const { document } of applyOrder(plant(name, fault))) {
      const { kind } = document
      if (kind === 'Service') continue
      await cluster.apply(document, { dryRun: false, force: true }, signal)
    }
})
afterAll(() => plane?.[Symbol.asyncDispose]())

/** The shipped manifests under the fault's name. */
function plant(name: string, { replace: [from, to] = ['', ''], ...changes }: Fault) {
  const edit = (text: string) =>
    text
      .replaceAll('${CLUSTER_NAME}', 'proving')
      .replace(from, to)
      .replaceAll('vllm-${NODECLASS_HASH}', `${name}-\${NODECLASS_HASH}`)
      .replaceAll(/\b(name|app|nodeclass-of): vllm\b/g, `$1: ${name}`)
  return shippedManifests({ ...changes, edit })
}

/** As soon as some cause is seen that the cluster itself speaks of. */
async function diagnose(name: string): Promise<Diagnosis> {
  const { cluster } = await connectCluster({ kubeconfig: plane.kubeconfigOf(deployer) })
  for (let looks = 0; ; looks++) {
    const diagnosis = await diagnoseStartup({ namespace: 'default', deployment: name }, { cluster }, signal)
    if (diagnosis.findings[0]?.rule === faults[name]?.rule || looks === 20) return diagnosis
    await new Promise((resolve) => setTimeout(resolve, 1000))
  }
}

test.each(Object.entries(faults))('%s', async (name, { rule }) => {
  const { findings } = await diagnose(name)
  const told = findings.map(({ rule: id, evidence }) => `${id}: ${evidence.map(({ object, text }) => `${object}: ${text}`).join('; ')}`)
  expect({ rule: findings[0]?.rule, told }).toEqual({ rule, told })
  expect(findings[0]?.remedy).not.toBe('')
})
