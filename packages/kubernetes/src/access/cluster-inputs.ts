import { text } from '@prebake/action-kit'
import type { Problem } from '@prebake/kernel'
import type { ClusterInputs } from './open-cluster.ts'

/** As EKS has it (CreateCluster). */
const name = { pattern: /^[0-9A-Za-z][0-9A-Za-z_-]{0,99}$/, words: 'the name of an EKS cluster' }

/** The inputs that say which cluster it is, as every action that needs one has them. */
export const clusterInputs = {
  'cluster-name': text({ form: name }),
  'aws-region': text(),
  // Not `secret`, which would mask a path too; openCluster masks it where it is a document.
  kubeconfig: text(),
}

/** What is wrong between them. */
export function judgeClusterInputs({ kubeconfig, clusterName }: ClusterInputs): readonly Problem[] {
  if (kubeconfig === undefined || clusterName === undefined) return []
  return [
    { input: 'cluster-name', wrong: 'is there, and `kubeconfig` too.', remedy: 'Give one of the two: they may be different clusters.' },
  ]
}
