/** What the workflows need in GitHub, as commands of its CLI: environments and variables. */
export interface GitHubValues {
  /** `owner/name`. */
  readonly repository: string
  readonly region: string
  readonly clusterName: string
  readonly nodeRole: string
  readonly outputs: Readonly<Record<string, string>>
}

/** The environments of the workflows, as the trust policies name them: of those that bake and prune, and of those that change a cluster. */
export const environments = { bake: ['prebake'], deploy: ['production', 'benchmark'] } as const

export function githubCommands({ repository, region, clusterName, nodeRole, outputs }: GitHubValues): readonly string[] {
  const variables: Readonly<Record<string, string | undefined>> = {
    AWS_REGION: region,
    PREBAKE_CLUSTER_NAME: clusterName,
    PREBAKE_NODE_ROLE: nodeRole,
    PREBAKE_BUILD_ROLE: outputs['BuildRoleArn'],
    PREBAKE_DEPLOY_ROLE: outputs['DeployRoleArn'],
    PREBAKE_PRUNE_ROLE: outputs['PruneRoleArn'],
    PREBAKE_INSTANCE_PROFILE: outputs['InstanceProfile'],
  }
  return [
    ...Object.values(environments)
      .flat()
      .map((environment) => `gh api --method PUT repos/${repository}/environments/${environment}`),
    ...Object.entries(variables).flatMap(([name, value]) =>
      value === undefined ? [] : [`gh variable set ${name} --repo ${repository} --body '${value}'`],
    ),
  ]
}

/**
 * The subjects of the tokens of these environments' jobs, in both forms that GitHub writes: repositories that were created or renamed since 15 July 2026
 * have their IDs in it.
 * @param ids `ownerId/repositoryId`; undefined: the second form is left out
 */
export function subjectsOf(repository: string, ids: string | undefined, of: keyof typeof environments): readonly string[] {
  const [owner, name] = repository.split('/')
  const [ownerId, repositoryId] = ids?.split('/') ?? []
  const forms = [repository, ...(ownerId && repositoryId ? [`${owner}@${ownerId}/${name}@${repositoryId}`] : [])]
  return forms.flatMap((form) => environments[of].map((environment) => `repo:${form}:environment:${environment}`))
}

/** `owner/name` of a remote at GitHub, by HTTPS or SSH. */
export function repositoryOfRemote(url: string): string | undefined {
  return /^(?:https:\/\/(?:[^@/]+@)?github\.com\/|(?:ssh:\/\/)?git@github\.com[:/])([\w.-]+\/[\w.-]+?)(?:\.git)?\/?$/.exec(url.trim())?.[1]
}
