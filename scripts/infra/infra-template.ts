import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { asTemplate } from './as-template.ts'

const ifGitHub = { Condition: 'WithGitHub' }
const managed = (name: string) => ({ 'Fn::Sub': `arn:\${AWS::Partition}:iam::aws:policy/${name}` })

/**
 * The CloudFormation template of the roles, as plain data: GitHub as identity provider, the roles of the workflows and of the builder, the builder's
 * instance profile and security group, and the access to the cluster. Names are those that the policies and the documents use.
 * @param folder deploy/infra
 */
export function infraTemplate(folder: string) {
  const read = (file: string): unknown => JSON.parse(readFileSync(join(folder, file), 'utf8'))
  const policy = (name: string) => asTemplate(read(`iam/${name}.json`))
  const inline = (name: string, document: string) => ({ PolicyName: name, PolicyDocument: policy(document) })
  const entry = read('access-entry.json') as { readonly type: string; readonly kubernetesGroups: readonly string[] }
  const workflowRole = (name: string, policies: readonly unknown[], trust = 'github-trust') => ({
    Type: 'AWS::IAM::Role',
    ...ifGitHub,
    Properties: {
      RoleName: name,
      AssumeRolePolicyDocument: policy(trust),
      // A build may take longer than the default of an hour.
      MaxSessionDuration: 7200,
      Policies: policies,
    },
  })
  const access = (role: string, groups: readonly string[]) => ({
    Type: 'AWS::EKS::AccessEntry',
    ...ifGitHub,
    Properties: {
      ClusterName: { Ref: 'ClusterName' },
      PrincipalArn: { 'Fn::GetAtt': [role, 'Arn'] },
      Type: entry.type,
      KubernetesGroups: groups,
    },
  })
  const moreForBuild = (condition: string, name: string, document: string) => ({
    Type: 'AWS::IAM::Policy',
    Condition: condition,
    Properties: { ...inline(name, document), Roles: [{ Ref: 'BuildRole' }] },
  })

  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: 'prebake: roles for the workflows that bake, roll out and measure, and for the instance that bakes',
    Parameters: parameters,
    Conditions: {
      WithGitHub: { 'Fn::Not': [{ 'Fn::Equals': [{ 'Fn::Join': ['', { Ref: 'GitHubSubjects' }] }, ''] }] },
      NewProvider: { 'Fn::And': [{ Condition: 'WithGitHub' }, { 'Fn::Equals': [{ Ref: 'GitHubProviderArn' }, ''] }] },
      PrivateImages: { 'Fn::And': [{ Condition: 'WithGitHub' }, { 'Fn::Equals': [{ Ref: 'PrivateEcrImages' }, 'true'] }] },
      EksctlKarpenter: { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'KarpenterRole' }, ''] }] },
      OwnKey: { 'Fn::And': [{ Condition: 'WithGitHub' }, { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'EbsKeyId' }, ''] }] }] },
    },
    Resources: {
      GitHubProvider: {
        Type: 'AWS::IAM::OIDCProvider',
        Condition: 'NewProvider',
        // Whoever else in the account uses it goes on.
        DeletionPolicy: 'Retain',
        UpdateReplacePolicy: 'Retain',
        Properties: { Url: 'https://token.actions.githubusercontent.com', ClientIdList: ['sts.amazonaws.com'] },
      },
      BuildRole: workflowRole('prebake-build', [inline('prebake', 'build-role')]),
      BuildRoleEcr: moreForBuild('PrivateImages', 'prebake-ecr', 'build-role-ecr'),
      BuildRoleKms: moreForBuild('OwnKey', 'prebake-kms', 'build-role-kms'),
      DeployRole: workflowRole('prebake-deploy', [inline('prebake', 'deploy-role')], 'github-trust-deploy'),
      PruneRole: workflowRole('prebake-prune', [inline('prebake', 'prune-role')]),
      BuilderRole: {
        Type: 'AWS::IAM::Role',
        Properties: {
          RoleName: 'prebake-builder',
          AssumeRolePolicyDocument: policy('builder-trust'),
          // The second one for Bottlerocket's own control and admin containers, too.
          ManagedPolicyArns: [managed('AmazonSSMManagedInstanceCore'), managed('AmazonEC2ContainerRegistryReadOnly')],
        },
      },
      BuilderProfile: {
        Type: 'AWS::IAM::InstanceProfile',
        Properties: { InstanceProfileName: 'prebake-builder', Roles: [{ Ref: 'BuilderRole' }] },
      },
      BuilderSecurityGroup: {
        Type: 'AWS::EC2::SecurityGroup',
        Properties: {
          GroupDescription: 'prebake builders: no way in, HTTPS out',
          VpcId: { Ref: 'VpcId' },
          // No ingress at all: commands come by SSM, which the instance itself connects to.
          SecurityGroupEgress: [
            { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '0.0.0.0/0', Description: 'SSM, registries and the model hub' },
            { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIpv6: '::/0', Description: 'the same by IPv6' },
          ],
        },
      },
      // eksctl's own policy for Karpenter is older than Karpenter 1.14, which calls these too (its pkg/aws/sdk.go).
      KarpenterReads: {
        Type: 'AWS::IAM::ManagedPolicy',
        Condition: 'EksctlKarpenter',
        Properties: {
          Roles: [{ Ref: 'KarpenterRole' }],
          PolicyDocument: {
            Version: '2012-10-17',
            Statement: [
              { Effect: 'Allow', Action: ['ec2:DescribeInstanceStatus', 'ec2:DescribePlacementGroups'], Resource: '*' },
              {
                Effect: 'Allow',
                Action: 'iam:GetRole',
                Resource: { 'Fn::Sub': 'arn:${AWS::Partition}:iam::${AWS::AccountId}:role/eksctl-*' },
              },
            ],
          },
        },
      },
      DeployAccess: access('DeployRole', entry.kubernetesGroups),
      PruneAccess: access('PruneRole', ['prebake-read']),
    },
    Outputs: {
      BuildRoleArn: { ...ifGitHub, Value: { 'Fn::GetAtt': ['BuildRole', 'Arn'] } },
      PruneRoleArn: { ...ifGitHub, Value: { 'Fn::GetAtt': ['PruneRole', 'Arn'] } },
      DeployRoleArn: { ...ifGitHub, Value: { 'Fn::GetAtt': ['DeployRole', 'Arn'] } },
      GitHubProvider: { Condition: 'NewProvider', Value: { Ref: 'GitHubProvider' } },
      InstanceProfile: { Value: { Ref: 'BuilderProfile' } },
      SecurityGroup: { Value: { 'Fn::GetAtt': ['BuilderSecurityGroup', 'GroupId'] } },
    },
  }
}

const parameters = {
  ClusterName: { Type: 'String', Description: 'EKS cluster that the workflows roll out to' },
  VpcId: { Type: 'AWS::EC2::VPC::Id', Description: 'VPC of the builders' },
  GitHubSubjects: {
    Type: 'CommaDelimitedList',
    Default: '',
    Description: 'Subjects of the tokens that may bake and prune: repo:OWNER/REPO:environment:prebake. Empty: no roles for workflows',
  },
  GitHubDeploySubjects: {
    Type: 'CommaDelimitedList',
    Default: '',
    Description: 'Subjects of the tokens that may roll out and measure: repo:OWNER/REPO:environment:production, and :benchmark',
  },
  GitHubProviderArn: {
    Type: 'String',
    Default: '',
    Description: 'The identity provider of GitHub, where the account has it. Empty: it is created',
  },
  KarpenterRole: {
    Type: 'String',
    Default: '',
    Description: "Role of Karpenter's controller, where eksctl made it. Empty: Karpenter was installed in another way",
  },
  PrivateEcrImages: {
    Type: 'String',
    Default: 'false',
    AllowedValues: ['true', 'false'],
    Description: 'Whether images from private ECR repositories of this account are baked',
  },
  EbsKeyId: {
    Type: 'String',
    Default: '',
    Description: 'ID of the KMS key that the account encrypts EBS volumes with by default, where it is not aws/ebs',
  },
}
