import { InputError } from '@prebake/kernel'
import { kubeconfigSecrets } from './document-secrets.ts'
import { maskSecret } from './mask-secret.ts'

/**
 * The kubeconfig that the input `kubeconfig`, or KUBECONFIG, names: a file's path or the document itself, whose secrets are masked.
 * @throws InputError when neither is there.
 */
export function kubeconfigOf(given: string | undefined, env: NodeJS.ProcessEnv): string {
  const kubeconfig = given || env['KUBECONFIG']
  if (kubeconfig) {
    for (const secret of kubeconfigSecrets(kubeconfig)) maskSecret(secret)
    return kubeconfig
  }
  const remedy = 'Give `cluster-name` for an EKS cluster; for another one a kubeconfig, or set `KUBECONFIG` to its path.'
  throw new InputError([{ input: 'kubeconfig', wrong: 'is missing, and `KUBECONFIG` is not set.', remedy }])
}
