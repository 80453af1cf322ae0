import { boolean, defineInputs, text, type Inputs } from '@prebake/action-kit'
import { clusterInputs, judgeClusterInputs } from '@prebake/kubernetes/access'

/** An RFC 1123 subdomain. */
const objectName = {
  pattern: /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/,
  words: 'the name of a Kubernetes object: lower case, digits, `-` and `.`',
}

export const inputs = defineInputs(
  {
    deployment: text({ default: 'vllm', form: objectName }),
    namespace: text({ default: 'default', form: objectName }),
    ...clusterInputs,
    'fail-on-findings': boolean({ default: false }),
  },
  { check: ({ clusterName, kubeconfig, awsRegion }) => judgeClusterInputs({ clusterName, kubeconfig, awsRegion }) },
)

export type DiagnoseInputs = Inputs<typeof inputs>

export const outputs = ['cause', 'findings', 'report'] as const
