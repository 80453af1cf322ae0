import { expect, test } from '@jest/globals'
import { githubCommands, repositoryOfRemote, subjectsOf } from '../src/infra/github-setup.ts'

test.each([
  ['https://github.com/octo-org/vllm.git', 'octo-org/vllm'],
  ['https://token@github.com/octo-org/vllm', 'octo-org/vllm'],
  ['git@github.com:octo-org/vllm.git', 'octo-org/vllm'],
  ['ssh://git@github.com/octo-org/vllm', 'octo-org/vllm'],
  ['https://gitlab.com/octo-org/vllm.git', undefined],
  ['', undefined],
])('the repository of the remote %s', (url, repository) => {
  expect(repositoryOfRemote(url)).toBe(repository)
})

test('the trust names both forms of the subject where the IDs are known', () => {
  expect(subjectsOf('octo-org/vllm', undefined, 'bake')).toEqual(['repo:octo-org/vllm:environment:prebake'])
  expect(subjectsOf('octo-org/vllm', '1/2', 'bake')).toEqual([
    'repo:octo-org/vllm:environment:prebake',
    'repo:octo-org@1/vllm@2:environment:prebake',
  ])
  expect(subjectsOf('octo-org/vllm', undefined, 'deploy')).toEqual([
    'repo:octo-org/vllm:environment:production',
    'repo:octo-org/vllm:environment:benchmark',
  ])
})

test('the commands make the environments and every variable that the workflows read', () => {
  const outputs = { BuildRoleArn: 'arn:b', DeployRoleArn: 'arn:d', PruneRoleArn: 'arn:p', InstanceProfile: 'prebake-builder' }
  const commands = githubCommands({ repository: 'octo-org/vllm', region: 'us-west-2', clusterName: 'gpu', nodeRole: 'node', outputs })
  expect(commands.slice(0, 3)).toEqual(
    ['prebake', 'production', 'benchmark'].map((name) => `gh api --method PUT repos/octo-org/vllm/environments/${name}`),
  )
  expect(commands.slice(3).map((line) => line.split(' ')[3])).toEqual([
    'AWS_REGION',
    'PREBAKE_CLUSTER_NAME',
    'PREBAKE_NODE_ROLE',
    'PREBAKE_BUILD_ROLE',
    'PREBAKE_DEPLOY_ROLE',
    'PREBAKE_PRUNE_ROLE',
    'PREBAKE_INSTANCE_PROFILE',
  ])
})
