import { InputError } from '@prebake/kernel'
import { maskSecret } from './mask-secret.ts'

/**
 * The kubeconfig that the input `kubeconfig`, or KUBECONFIG, tells of: a file's path or the document itself, which is masked.
 * @throws InputError when neither is there.
 */
export function kubeconfigOf(given: string | undefined, env: NodeJS.ProcessEnv): string {
  if (given?.includes('\n')) maskSecret(given)
  const kubeconfig = given || env['KUBECONFIG']
  if (kubeconfig) return kubeconfig
  const remedy = 'Give `cluster-name` for an EKS cluster; for another one a kubeconfig, or set `KUBECONFIG` to its path.'
  throw new InputError([{ input: 'kubeconfig', wrong: 'is missing, and `KUBECONFIG` is not set.', remedy }])
}
