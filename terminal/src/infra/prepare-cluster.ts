import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ActionContext } from '@prebake/action-kit'
import { PrebakeError } from '@prebake/kernel'
import { openCluster } from '@prebake/kubernetes/access'
import { nodeClassKind, readManifests } from '@prebake/manifests'
import type { TerminalErrorCode } from '../error-codes.ts'
import { findKubeconfig } from '../discover/find-kubeconfig.ts'

/** Checks that Karpenter is there, and applies the rights of the workflows' roles. @throws PrebakeError `karpenter-missing` */
export async function prepareCluster(
  { folder, kubeconfig }: { readonly folder: string; readonly kubeconfig: string | undefined },
  { env, signal, reporter, clock }: ActionContext,
): Promise<void> {
  const { cluster } = await openCluster({ kubeconfig: findKubeconfig(kubeconfig, env).path }, { env, clock }, signal)
  if ((await cluster.discover(nodeClassKind.apiVersion, nodeClassKind.kind, signal)) === undefined) {
    const code = 'karpenter-missing' satisfies TerminalErrorCode
    const hint =
      'eksctl installs Karpenter only while it creates a cluster. Install it as https://karpenter.sh/docs/getting-started says, or delete the cluster with ' +
      '`eksctl delete cluster --wait` and run again.'
    throw new PrebakeError('Prepare the cluster: it does not know the kind EC2NodeClass.', { code, hint })
  }
  for (const path of ['deploy/infra/rbac.yaml', 'deploy/infra/rbac-read.yaml']) {
    const rights = readManifests([{ path, text: readFileSync(join(folder, path), 'utf8') }], {})
    for (const { document } of rights) await cluster.apply(document, { dryRun: false, force: true }, signal)
    reporter.info(`${path} applied`)
  }
}
