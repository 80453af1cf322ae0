import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { parse, stringify } from 'yaml'
import { infraTemplate } from '../../infra/infra-template.ts'

const folder = join(import.meta.dirname, '../../../deploy/infra')
interface Template {
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties: Readonly<Record<string, unknown>> }>>
}
const template = parse(readFileSync(join(folder, 'prebake.yaml'), 'utf8')) as Template
const policy = (name: string): unknown => JSON.parse(readFileSync(join(folder, 'iam', `${name}.json`), 'utf8'))

const values: Readonly<Record<string, unknown>> = {
  'AWS::AccountId': 'ACCOUNT_ID',
  'AWS::Partition': 'aws',
  'AWS::Region': 'REGION',
  ClusterName: 'CLUSTER_NAME',
  EbsKeyId: 'KEY_ID',
  GitHubSubjects: ['repo:OWNER/REPO:environment:prebake', 'repo:OWNER@OWNER_ID/REPO@REPO_ID:environment:prebake'],
  GitHubDeploySubjects: ['repo:OWNER/REPO', 'repo:OWNER@OWNER_ID/REPO@REPO_ID'].flatMap((repository) =>
    ['production', 'benchmark'].map((environment) => `${repository}:environment:${environment}`),
  ),
  GitHubProvider: 'arn:aws:iam::ACCOUNT_ID:oidc-provider/token.actions.githubusercontent.com',
}

/** What CloudFormation makes of it, with every condition true. */
function resolve(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(resolve)
  if (typeof value !== 'object' || value === null) return value
  const { Ref, 'Fn::Sub': text, 'Fn::If': choice } = value as Readonly<Record<string, unknown>>
  if (typeof Ref === 'string') return values[Ref] ?? Ref
  if (typeof text === 'string') return text.replaceAll(/\$\{([\w:]+)\}/g, (_all, name: string) => String(values[name]))
  if (Array.isArray(choice)) return resolve(choice[1])
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, resolve(each)]))
}

interface Role {
  readonly RoleName: string
  readonly AssumeRolePolicyDocument: unknown
  readonly Policies?: readonly { readonly PolicyName: string; readonly PolicyDocument: unknown }[]
  readonly ManagedPolicyArns?: readonly string[]
}
const role = (name: string) => resolve(template.Resources[name]?.Properties) as Role

test('the template is up to date', () => {
  expect(template).toEqual(parse(stringify(infraTemplate(folder), { aliasDuplicateObjects: false })))
})

test('each role has the policies of iam/, to the letter', () => {
  const policies = (name: string) => role(name).Policies?.map(({ PolicyDocument }) => PolicyDocument)
  expect(policies('BuildRole')).toEqual([policy('build-role')])
  const more = (name: string) => resolve(template.Resources[name]?.Properties)
  expect(more('BuildRoleEcr')).toMatchObject({ PolicyDocument: policy('build-role-ecr'), Roles: ['BuildRole'] })
  expect(more('BuildRoleKms')).toMatchObject({ PolicyDocument: policy('build-role-kms'), Roles: ['BuildRole'] })
  expect(policies('DeployRole')).toEqual([policy('deploy-role')])
  expect(policies('PruneRole')).toEqual([policy('prune-role')])
  expect(role('PruneRole').AssumeRolePolicyDocument).toEqual(policy('github-trust'))
  expect(role('BuildRole').AssumeRolePolicyDocument).toEqual(policy('github-trust'))
  expect(role('DeployRole').AssumeRolePolicyDocument).toEqual(policy('github-trust-deploy'))
  expect(role('BuilderRole')).toMatchObject({ RoleName: 'prebake-builder', AssumeRolePolicyDocument: policy('builder-trust') })
  expect(role('BuilderRole').ManagedPolicyArns).toEqual([
    'arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore',
    'arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryReadOnly',
  ])
})

test('nothing comes in to a builder, and only HTTPS goes out', () => {
  const { SecurityGroupIngress, SecurityGroupEgress } = template.Resources['BuilderSecurityGroup']?.Properties ?? {}
  expect(SecurityGroupIngress).toBeUndefined()
  expect(SecurityGroupEgress).toEqual(
    ['CidrIp', 'CidrIpv6'].map((family) => expect.objectContaining({ [family]: expect.any(String), FromPort: 443, ToPort: 443 })),
  )
})

test('the deploy role has the access entry of the documents', () => {
  const entry = JSON.parse(readFileSync(join(folder, 'access-entry.json'), 'utf8')) as Readonly<Record<string, unknown>>
  expect(resolve(template.Resources['DeployAccess']?.Properties)).toMatchObject({
    ClusterName: entry['clusterName'],
    Type: entry['type'],
    KubernetesGroups: entry['kubernetesGroups'],
  })
  // The group of rbac-read.yaml.
  expect(readFileSync(join(folder, 'rbac-read.yaml'), 'utf8')).toContain('kind: Group, name: prebake-read')
  expect(template.Resources['PruneAccess']?.Properties).toMatchObject({ KubernetesGroups: ['prebake-read'] })
})
