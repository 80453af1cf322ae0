/** On-demand prices in us-east-1, from AWS's pricing pages as of November 2026; a month is 730 hours. Other regions differ by some percent. */
const hourly = [
  { what: 'EKS control plane', dollars: 0.1 },
  { what: '2 m6i.large nodes for Karpenter and the system pods', dollars: 2 * 0.096 },
  { what: 'NAT gateway, without traffic ($0.045 a GB)', dollars: 0.045 },
] as const
const hoursAMonth = 730

export interface InfraPlan {
  readonly clusterName: string
  readonly region: string
  readonly accountId: string
  readonly identity: string
  /** Whether the cluster is made, or there. */
  readonly newCluster: boolean
  /** CloudFormation's status; undefined: it is made. */
  readonly stack: string | undefined
  readonly stackName: string
  readonly repository: string | undefined
  readonly newProvider: boolean
}

/** What setup-infra makes, and what it costs, as text. */
export function describeInfra(plan: InfraPlan): string {
  const { clusterName, region, accountId, identity, newCluster, stack, stackName, repository, newProvider } = plan
  const made = (is: boolean) => (is ? 'is made' : 'is there')
  const total = hourly.reduce((sum, { dollars }) => sum + dollars, 0)
  const cost = newCluster
    ? [
        '',
        'It costs, in us-east-1:',
        ...hourly.map(({ what, dollars }) => `  $${(dollars * hoursAMonth).toFixed(0).padStart(4)} a month  ${what}`),
        `  $${(total * hoursAMonth).toFixed(0).padStart(4)} a month  in sum, until \`make teardown\`; GPU nodes come on top while they run (g6.2xlarge: $0.98 an hour)`,
      ]
    : []
  return [
    `Account   ${accountId} as ${identity}`,
    `Region    ${region}`,
    `Cluster   ${clusterName} ${made(newCluster)}${newCluster ? ': VPC, EKS, 2 system nodes, Karpenter (about 20 minutes)' : ''}`,
    `Stack     ${stackName} ${stack === undefined ? 'is made' : `is updated (${stack})`}: builder's role, instance profile and security group${repository === undefined ? '' : '; roles for the workflows'}`,
    `GitHub    ${repository === undefined ? 'no roles for workflows: no repository is given' : `${repository}, environments prebake, production and benchmark; the identity provider ${made(newProvider)}`}`,
    ...cost,
  ].join('\n')
}
