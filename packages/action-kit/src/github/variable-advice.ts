import { documentLink } from '@prebake/kernel'
import type { RefusalAdvice } from './refused-request.ts'

/** For refusals of GitHub that are about variables. */
export const variableAdvice: RefusalAdvice = {
  permission:
    'The token needs the repository permission "Variables: write" (`actions_variables`), which GITHUB_TOKEN cannot have. ' +
    'Give the token of a GitHub App (actions/create-github-app-token with `env: INPUT_PERMISSION-ACTIONS-VARIABLES: write`) ' +
    `or a fine-grained personal token: ${documentLink('docs/security.md#variables')}.`,
  missing: 'The repository does not exist, or the token cannot see it.',
}
