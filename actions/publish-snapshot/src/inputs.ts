import { boolean, choice, defineInputs, secret, text, type ActionErrorCode } from '@prebake/action-kit'
import { documentLink } from '@prebake/kernel'

/** An ID of EC2. */
export const snapshot = { pattern: /^snap-[0-9a-f]{8,17}$/, words: 'a snapshot ID' }
const variable = {
  pattern: /^(?!GITHUB_)[A-Za-z_]\w*$/,
  words: 'a valid name of a GitHub variable: letters, digits and _, not starting with a digit or GITHUB_',
}

const repositoryPath = {
  pattern: /^(?!\/)(?!.*(?:^|\/)\.\.?(?:\/|$))[^\\\s]+[^\\\s/]$/,
  words: 'a path in the repository, such as `deploy/vllm/snapshot.env`',
}

const missing = 'input-missing' satisfies ActionErrorCode

export const inputs = defineInputs(
  {
    'snapshot-id': text({ form: snapshot }),
    'aws-region': text(),
    'variable-name': text({ default: 'VLLM_SNAPSHOT_ID', form: variable }),
    'variable-scope': choice(['repository', 'none'], { default: 'repository' }),
    'variable-token': secret(),
    file: text({ default: '.snapshot-id' }),
    'pull-request-file': text({ form: repositoryPath }),
    'pull-request-token': secret(),
    'allow-unverified': boolean({ default: false }),
    probe: boolean({ default: false }),
  },
  {
    check: ({ snapshotId, probe, variableScope, variableToken, pullRequestFile, pullRequestToken }) => [
      ...(snapshotId === undefined && !probe
        ? [
            {
              code: missing,
              input: 'snapshot-id',
              wrong: 'is missing.',
              remedy: 'Give the output of build-snapshot, or `probe: true` to only check.',
            },
          ]
        : []),
      ...(variableScope === 'repository' && variableToken === undefined
        ? [
            {
              code: missing,
              input: 'variable-token',
              wrong: 'is missing, and GITHUB_TOKEN cannot write variables.',
              remedy: `Give the token of a GitHub App with "Variables: write" (${documentLink('docs/security.md#variables')}), or set \`variable-scope: none\`.`,
            },
          ]
        : []),
      ...(pullRequestFile !== undefined && pullRequestToken === undefined
        ? [
            {
              code: missing,
              input: 'pull-request-token',
              wrong: 'is missing, and `pull-request-file` needs it.',
              remedy: `Give the token of a GitHub App with "Contents: write" and "Pull requests: write" (${documentLink('docs/workflows.md#the-github-app')}).`,
            },
          ]
        : []),
    ],
  },
)

export const outputs = ['snapshot-id', 'previous-snapshot-id', 'changed', 'pull-request-url'] as const
