import { defineInputs, integer, secret, text } from '@prebake/action-kit'

const commit = { pattern: /^[0-9a-f]{40}$/, words: 'a commit, 40 hex digits' }

export const inputs = defineInputs({
  'pull-request': integer({ min: 1 }),
  'head-sha': text({ form: commit }),
  'github-token': secret({ default: '${{ github.token }}' }),
})

export const outputs = ['pull-request', 'head-sha', 'head-repository'] as const
