import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { documentLink } from '@prebake/kernel'
import { projectRepository, withDocumentAddresses } from '../src/index.ts'

const uses = { GITHUB_ACTION_REPOSITORY: 'acme/prebake', GITHUB_ACTION_REF: 'v1', GITHUB_SERVER_URL: 'https://ghes.example' }

test.each<[string, NodeJS.ProcessEnv, string]>([
  ['an action at a ref', uses, 'https://ghes.example/acme/prebake/blob/v1'],
  ['a branch', { ...uses, GITHUB_ACTION_REF: 'fix/#1 a' }, 'https://ghes.example/acme/prebake/blob/fix/%231%20a'],
  ['no ref', { ...uses, GITHUB_ACTION_REF: '' }, 'https://ghes.example/acme/prebake/blob/HEAD'],
  ['no server', { ...uses, GITHUB_SERVER_URL: undefined }, 'https://github.com/acme/prebake/blob/v1'],
  ['a local action', { ...uses, GITHUB_ACTION_REPOSITORY: '' }, `https://github.com/${projectRepository}/blob/HEAD`],
  ['a terminal', {}, `https://github.com/${projectRepository}/blob/HEAD`],
])('the address of a document for %s', (_title, env, root) => {
  expect(withDocumentAddresses(`See ${documentLink('docs/security.md#variables')}.`, env)).toBe(`See ${root}/docs/security.md#variables.`)
})

test('each link in a text is replaced, up to its own end, and nothing else', () => {
  const text = `(${documentLink('deploy/infra/iam')}), \`${documentLink('deploy/infra/rbac.yaml')}\`; deploy/vllm/nodepool.yaml:3, prebake:run`
  const root = `https://github.com/${projectRepository}/blob/HEAD`
  expect(withDocumentAddresses(text, {})).toBe(
    `(${root}/deploy/infra/iam), \`${root}/deploy/infra/rbac.yaml\`; deploy/vllm/nodepool.yaml:3, prebake:run`,
  )
})

test('the README says the same of where the project lives', () => {
  expect(readFileSync(new URL('../../../README.md', import.meta.url), 'utf8')).toContain(`uses: ${projectRepository}/.github/workflows/`)
})
