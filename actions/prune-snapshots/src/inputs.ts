import {
  age,
  boolean,
  choice,
  defineInputs,
  integer,
  keyValues,
  list,
  secret,
  text,
  type ActionErrorCode,
  type Inputs,
} from '@prebake/action-kit'
import { documentLink, type Problem } from '@prebake/kernel'
import { clusterInputs, judgeClusterInputs } from '@prebake/kubernetes/access'
import { judgePrices } from '@prebake/prices'

const price = { pattern: /^[a-z0-9-]+$/, words: 'the name of a price' }
/** A hierarchy of parameters (Systems Manager user guide, "Working with parameter hierarchies"). */
const path = { pattern: /^(none|\/|(\/[\w.-]+)+\/?)$/, words: 'a path that begins with `/`, or `none`' }

export const inputs = defineInputs(
  {
    keep: integer({ default: 3, min: 1, max: 1000 }),
    'older-than': age({ default: '14d' }),
    'dry-run': boolean({ default: true }),
    ...clusterInputs,
    'variable-scope': choice(['repository', 'none'], { default: 'repository' }),
    'variable-token': secret(),
    repositories: list(),
    files: list({ default: '.' }),
    'ssm-path': text({ default: '/', form: path }),
    protect: text(),
    prices: keyValues({ key: price, strict: true }),
  },
  {
    check: [
      ({ clusterName, kubeconfig, awsRegion }) => judgeClusterInputs({ clusterName, kubeconfig, awsRegion }),
      ({ prices }) => judgePrices(prices),
      ({ protect = '' }) => judgeProtected(protect),
      ({ repositories }) => repositories.flatMap(judgeRepository),
      ({ variableScope, variableToken }) => (variableScope === 'repository' && variableToken === undefined ? [tokenMissing] : []),
    ],
  },
)

export type PruneInputs = Inputs<typeof inputs>

export const outputs = ['deleted', 'deletable', 'kept', 'saved-dollars-per-month', 'report'] as const

const tokenMissing: Problem = {
  code: 'input-missing' satisfies ActionErrorCode,
  input: 'variable-token',
  wrong: 'is missing, and GITHUB_TOKEN cannot read variables.',
  remedy:
    `Give the token of a GitHub App with "Variables" (${documentLink('docs/security.md#variables')}), ` +
    'or set `variable-scope: none` and give the variables to `protect`.',
}

/** A mistyped ID protects nothing. Text without any is fine: `${{ toJSON(vars) }}` before the first publication. */
function judgeProtected(text: string): readonly Problem[] {
  const code = 'input-malformed' satisfies ActionErrorCode
  const wrongIds = [...text.matchAll(/\bsnap-[\w-]*/g)].map(([id]) => id).filter((id) => !/^snap-(?:[0-9a-f]{8}|[0-9a-f]{17})$/.test(id))
  return wrongIds.map((id) => ({
    code,
    input: 'protect',
    wrong: `\`${id}\` is not a snapshot ID.`,
    remedy: 'Give IDs such as `snap-0123456789abcdef0`.',
  }))
}

function judgeRepository(name: string): readonly Problem[] {
  if (/^[\w.-]+\/[\w.-]+$/.test(name)) return []
  const code = 'input-malformed' satisfies ActionErrorCode
  return [{ code, input: 'repositories', wrong: `\`${name}\` is not a repository.`, remedy: 'Give `owner/name`, one a line.' }]
}
