import { applyPlanned } from './apply-planned.ts'
import { awaitDeployment } from './await-deployment.ts'
import { awaitReady } from './await-ready.ts'
import { checkCluster } from './check-cluster.ts'
import { diffObjects } from './diff-objects.ts'
import { titleOf } from './manifest.ts'
import type { KubernetesObject } from './ports/cluster.ts'
import type { AppliedObject, RollOutPorts, RollOutRequest, RollOutResult } from './roll-out-request.ts'

/**
 * Applies the manifests and waits until what they say is what runs: NodeClasses and NodePools are Ready, and each Deployment's pods are all of our
 * template and available.
 * @throws InputError when a document is refused (nothing has then been applied); PrebakeError when the rollout fails, TimeoutError at the limit.
 */
export async function rollOut(request: RollOutRequest, ports: RollOutPorts, signal: AbortSignal): Promise<RollOutResult> {
  const { clock, reporter } = ports
  const deadline = clock.now().getTime() + request.timeoutMs
  const remainingMs = () => Math.max(0, deadline - clock.now().getTime())

  const planned = await reporter.group('Check every document against the cluster', () => checkCluster(request, ports, signal))
  if (request.dryRun) {
    const verb = (before: unknown, changes: boolean) =>
      before === undefined ? 'would be created' : changes ? 'would be changed' : 'is as it would be'
    for (const { manifest, before, after, changes } of planned) {
      reporter.info(`${titleOf(manifest.document)} ${verb(before, changes)}`)
      if (before !== undefined && after !== undefined) for (const line of diffObjects(before, after)) reporter.info(`  ${line}`)
    }
    return resultOf(planned.map(({ manifest, changes }) => ({ object: manifest.document, changed: changes })))
  }

  const applied = await reporter.group('Apply', () => applyPlanned(planned, request, ports, signal))
  const ofKind = (group: string, kind: string) =>
    applied.map(({ object }) => object).filter((object) => object.kind === kind && object.apiVersion.startsWith(`${group}/`))
  const nodePools = ofKind('karpenter.sh', 'NodePool')
  const revision = await reporter.group('Wait until it serves', async () => {
    for (const object of [...ofKind('karpenter.k8s.aws', 'EC2NodeClass'), ...nodePools])
      await awaitReady(object, remainingMs(), ports, signal)
    let last: string | undefined
    for (const object of ofKind('apps', 'Deployment')) {
      const watched = { limitMs: remainingMs(), nodePools: nodePools.map(({ metadata }) => metadata.name) }
      last = await awaitDeployment(object, watched, ports, signal)
    }
    return last
  })
  return { ...resultOf(applied), ...(revision === undefined ? {} : { revision }) }
}

function resultOf(objects: readonly { readonly object: KubernetesObject; readonly changed: boolean }[]): RollOutResult {
  const applied = objects.map(({ object: { kind, metadata }, changed }): AppliedObject => ({
    kind,
    name: metadata.name,
    namespace: metadata.namespace,
    changed,
  }))
  return { changed: applied.some(({ changed }) => changed), applied }
}
