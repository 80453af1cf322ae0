import { expect, test } from '@jest/globals'
import { workflowRunUrl } from '../src/index.ts'

const env = { GITHUB_SERVER_URL: 'https://github.com', GITHUB_REPOSITORY: 'acme/models', GITHUB_RUN_ID: '42' }

test.each<[string, NodeJS.ProcessEnv, string | undefined]>([
  ['a run', env, 'https://github.com/acme/models/actions/runs/42'],
  ['a later attempt', { ...env, GITHUB_RUN_ATTEMPT: '2' }, 'https://github.com/acme/models/actions/runs/42/attempts/2'],
  ['no server', { ...env, GITHUB_SERVER_URL: '' }, undefined],
  ['no repository', { ...env, GITHUB_REPOSITORY: undefined }, undefined],
  ['no run', { ...env, GITHUB_RUN_ID: undefined }, undefined],
])('%s', (_title, given, url) => {
  expect(workflowRunUrl(given)).toBe(url)
})
