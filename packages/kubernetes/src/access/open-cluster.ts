import { kubeconfigOf, maskSecret } from '@prebake/action-kit'
import type { Clock } from '@prebake/kernel'
import type { ClusterConnection } from '../index.ts'

export interface ClusterInputs {
  /** A file path, or the YAML itself. */
  readonly kubeconfig?: string | undefined
  /** The name of an EKS cluster. */
  readonly clusterName?: string | undefined
  /** The region of the EKS cluster; undefined: AWS_REGION. */
  readonly awsRegion?: string | undefined
}

/**
 * Opens the cluster that the inputs name: by its name in EKS, or by a kubeconfig, which may also come from KUBECONFIG. Loads the clients here, and the
 * AWS SDK only for a name. Masks secrets before they are used.
 * @throws InputError naming `cluster-name`, `aws-region`, the credentials or `kubeconfig`; ServiceError from EKS.
 */
export async function openCluster(
  { kubeconfig, clusterName, awsRegion }: ClusterInputs,
  { env, clock }: { readonly env: NodeJS.ProcessEnv; readonly clock: Clock },
  signal: AbortSignal,
): Promise<ClusterConnection> {
  if (clusterName === undefined) {
    const given = kubeconfigOf(kubeconfig, env)
    const { connectCluster } = await import('../index.ts')
    return connectCluster({ kubeconfig: given, clock, env })
  }
  const [{ connectEks }, { connectCluster }] = await Promise.all([import('@prebake/aws'), import('../index.ts')])
  const access = await connectEks({ clusterName, region: awsRegion, env, clock, onToken: (token) => maskSecret(token) }, signal)
  return connectCluster({ access, clock, env })
}
