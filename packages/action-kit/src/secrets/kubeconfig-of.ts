import { InputError } from '@prebake/kernel'
import type { ActionErrorCode } from '../error-codes.ts'
import { kubeconfigSecrets } from './document-secrets.ts'
import { maskSecret } from './mask-secret.ts'

/**
 * The kubeconfig of the input `kubeconfig` or of KUBECONFIG: a file path, or the document itself, whose secrets are masked.
 * @throws InputError if neither is given
 */
export function kubeconfigOf(given: string | undefined, env: NodeJS.ProcessEnv): string {
  const kubeconfig = given || env['KUBECONFIG']
  if (kubeconfig) {
    for (const secret of kubeconfigSecrets(kubeconfig)) maskSecret(secret)
    return kubeconfig
  }
  const remedy = 'Give `cluster-name` for an EKS cluster. For another cluster give a kubeconfig, or set `KUBECONFIG` to its path.'
  const code = 'kubeconfig-missing' satisfies ActionErrorCode
  throw new InputError([{ code, input: 'kubeconfig', wrong: 'is missing, and `KUBECONFIG` is not set.', remedy }])
}
