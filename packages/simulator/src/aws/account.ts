/** The one account and region that exist here, with what is in them before anything is created. */
export const region = 'us-west-2'
export const accountId = '123456789012'

/** What the caller is. */
export const callerArn = `arn:aws:sts::${accountId}:assumed-role/prebake-build/simulation`

export interface InstanceProfile {
  readonly name: string
  readonly arn: string
  /** Managed policies of its role. */
  readonly policies: readonly ManagedPolicy[]
}

/** What the managed policies allow, as far as an instance's boot asks for it (AWS managed policy reference). */
export const managedPolicies = {
  AmazonSSMManagedInstanceCore: ['ssm:UpdateInstanceInformation', 'ssmmessages:CreateControlChannel', 'ec2messages:GetMessages'],
  AmazonEC2ContainerRegistryReadOnly: ['ecr:GetAuthorizationToken', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
  AmazonEKSWorkerNodePolicy: ['ec2:DescribeInstances', 'ec2:DescribeSubnets', 'eks:DescribeCluster'],
} as const

export type ManagedPolicy = keyof typeof managedPolicies

const profile = (name: string, ...policies: readonly ManagedPolicy[]): InstanceProfile => ({
  name,
  arn: `arn:aws:iam::${accountId}:instance-profile/${name}`,
  policies,
})

/** As deploy/infra documents it: what the SSM agent and the image pull need, and nothing else. */
export const instanceProfile = profile('prebake-builder', 'AmazonSSMManagedInstanceCore', 'AmazonEC2ContainerRegistryReadOnly')

/** All that exist in the account. */
export const instanceProfiles: readonly InstanceProfile[] = [
  instanceProfile,
  profile('without-registry', 'AmazonSSMManagedInstanceCore'),
  profile('without-agent', 'AmazonEC2ContainerRegistryReadOnly'),
  profile('eks-node', 'AmazonSSMManagedInstanceCore', 'AmazonEC2ContainerRegistryReadOnly', 'AmazonEKSWorkerNodePolicy'),
]

/** A key that instances may use; every other key makes an instance end right after its launch, as EC2 does. */
export const kmsKeyArn = `arn:aws:kms:${region}:${accountId}:key/1f2e3d4c-5b6a-4798-8c9d-0a1b2c3d4e5f`

export const vpc = { vpcId: 'vpc-0a1b2c3d4e5f60000', cidr: '172.31.0.0/16' } as const

/** The VPC's default group: no way in from outside, every way out. */
export const securityGroup = { groupId: 'sg-0a1b2c3d4e5f60000', groupName: 'default' } as const

export interface SubnetFixture {
  readonly subnetId: string
  readonly name: string
  readonly availabilityZone: string
  readonly availabilityZoneId: string
  readonly cidr: string
  readonly default: boolean
  readonly mapPublicIp: boolean
  readonly routeTableId: string
  /** Where 0.0.0.0/0 leads, if anywhere. */
  readonly defaultRoute: { readonly gatewayId: string } | { readonly natGatewayId: string } | undefined
}

export const subnets = {
  /** Default subnet of its zone; the way out is an internet gateway, so an instance needs a public address. */
  public: {
    subnetId: 'subnet-0a1b2c3d4e5f60001',
    name: 'public',
    availabilityZone: `${region}a`,
    availabilityZoneId: 'usw2-az1',
    cidr: '172.31.0.0/20',
    default: true,
    mapPublicIp: true,
    routeTableId: 'rtb-0a1b2c3d4e5f60001',
    defaultRoute: { gatewayId: 'igw-0a1b2c3d4e5f60000' },
  },
  /** The way out is a NAT gateway. */
  private: {
    subnetId: 'subnet-0a1b2c3d4e5f60002',
    name: 'private',
    availabilityZone: `${region}b`,
    availabilityZoneId: 'usw2-az2',
    cidr: '172.31.16.0/20',
    default: false,
    mapPublicIp: false,
    routeTableId: 'rtb-0a1b2c3d4e5f60002',
    defaultRoute: { natGatewayId: 'nat-0a1b2c3d4e5f60000' },
  },
  /** No way out. The VPC's only endpoint is `ssm`, which is not enough for the agent to come online. */
  isolated: {
    subnetId: 'subnet-0a1b2c3d4e5f60003',
    name: 'isolated',
    availabilityZone: `${region}c`,
    availabilityZoneId: 'usw2-az3',
    cidr: '172.31.32.0/20',
    default: false,
    mapPublicIp: false,
    routeTableId: 'rtb-0a1b2c3d4e5f60003',
    defaultRoute: undefined,
  },
} as const satisfies Record<string, SubnetFixture>

/** The main route table goes with the default subnet; a subnet without an association of its own uses it. */
export const mainRouteTableId = subnets.public.routeTableId

/** The VPC's endpoints, by service. */
export const vpcEndpoints = [{ vpcEndpointId: 'vpce-0a1b2c3d4e5f60001', service: 'ssm', subnetId: subnets.isolated.subnetId }] as const

export const findSubnet = (subnetId: string): SubnetFixture | undefined =>
  Object.values<SubnetFixture>(subnets).find((subnet) => subnet.subnetId === subnetId)
