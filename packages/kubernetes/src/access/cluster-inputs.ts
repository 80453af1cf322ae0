import { text } from '@prebake/action-kit'
import type { Problem } from '@prebake/kernel'
import type { ClusterErrorCode } from '../error-codes.ts'
import type { ClusterInputs } from './open-cluster.ts'

/** The form of EKS (CreateCluster). */
const name = { pattern: /^[0-9A-Za-z][0-9A-Za-z_-]{0,99}$/, words: 'the name of an EKS cluster' }

/** The inputs that name the cluster, the same in every action that needs one. */
export const clusterInputs = {
  'cluster-name': text({ form: name }),
  'aws-region': text(),
  // Not `secret`, which would also mask a path; openCluster masks a document.
  kubeconfig: text(),
}

/** Problems between these inputs. */
export function judgeClusterInputs({ kubeconfig, clusterName }: ClusterInputs): readonly Problem[] {
  if (kubeconfig === undefined || clusterName === undefined) return []
  const code = 'cluster-given-twice' satisfies ClusterErrorCode
  const wrong = 'is given, and so is `kubeconfig`.'
  return [{ code, input: 'cluster-name', wrong, remedy: 'Give only one of them: they may name different clusters.' }]
}
