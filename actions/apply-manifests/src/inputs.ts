import { boolean, choice, defineInputs, duration, keyValues, list, secret, text, type Inputs } from '@prebake/action-kit'
import { clusterInputs, judgeClusterInputs } from '@prebake/kubernetes/access'
import { judgeInputs } from './judge-inputs.ts'

const snapshot = { pattern: /^(snap-[0-9a-f]{8,17}|latest)$/, words: 'a snapshot ID, such as `snap-0123456789abcdef0`, or `latest`' }
/** As Hugging Face names repositories. */
const model = { pattern: /^[\w.-]+\/[\w.-]+$/, words: 'the name of a model, `owner/name`' }
/** An RFC 1123 label. */
const namespace = { pattern: /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, words: 'the name of a namespace' }
/** As Helm takes it. */
const release = { pattern: /^[a-z0-9]([a-z0-9-]{0,51}[a-z0-9])?$/, words: 'the name of a Helm release' }
const variable = {
  pattern: /^(?!GITHUB_)[A-Za-z_]\w*$/,
  words: 'a name that GitHub takes for a variable: letters, digits and _, not beginning with a digit or GITHUB_',
}
const manifestVariable = { pattern: /^[A-Za-z_]\w*$/, words: 'a name of letters, digits and `_`' }
const tag = { pattern: /\S/, words: 'the key of a tag' }

export const inputs = defineInputs(
  {
    mode: choice(['apply', 'render', 'verify'], { default: 'apply' }),
    'snapshot-id': text({ form: snapshot }),
    model: text({ form: model }),
    'snapshot-tags': keyValues({ key: tag }),
    manifests: list({ default: 'deploy/vllm' }),
    'helm-values': list(),
    'helm-release': text({ form: release }),
    variables: keyValues({ key: manifestVariable, strict: true }),
    'output-folder': text({ default: 'rendered' }),
    ...clusterInputs,
    namespace: text({ default: 'default', form: namespace }),
    timeout: duration({ default: '30m' }),
    'force-conflicts': boolean({ default: false }),
    'dry-run': boolean({ default: false }),
    'ignore-rules': list(),
    rollback: boolean({ default: true }),
    'clear-rejection': boolean({ default: false }),
    'variable-name': text({ default: 'VLLM_SNAPSHOT_ID', form: variable }),
    'variable-token': secret(),
  },
  { check: (given) => [...judgeClusterInputs(given), ...judgeInputs(given)] },
)

export type ApplyInputs = Inputs<typeof inputs>

export const outputs = ['changed', 'proven', 'revision', 'applied', 'rolled-back'] as const
