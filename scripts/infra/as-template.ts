/** What stands in the policies, and what CloudFormation fills in there. */
const substitutions: readonly (readonly [from: string, to: string])[] = [
  ['ACCOUNT_ID', '${AWS::AccountId}'],
  ['CLUSTER_NAME', '${ClusterName}'],
  ['REGION', '${AWS::Region}'],
  ['KEY_ID', '${EbsKeyId}'],
  ['arn:aws:', 'arn:${AWS::Partition}:'],
]

const subjects = 'token.actions.githubusercontent.com:sub'
const provider = /:oidc-provider\/token\.actions\.githubusercontent\.com$/

/** A policy with the placeholders of the documents, as CloudFormation's template language. */
export function asTemplate(value: unknown): unknown {
  if (typeof value === 'string') return asText(value)
  if (Array.isArray(value)) return value.map(asTemplate)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => {
      // The roles that change a cluster trust other environments than those that bake and prune.
      if (key === subjects) return [key, { Ref: String(each).includes(':environment:prebake') ? 'GitHubSubjects' : 'GitHubDeploySubjects' }]
      if (key === 'Federated' && provider.test(String(each)))
        return [key, { 'Fn::If': ['NewProvider', { Ref: 'GitHubProvider' }, { Ref: 'GitHubProviderArn' }] }]
      return [key, asTemplate(each)]
    }),
  )
}

function asText(text: string): unknown {
  const filled = substitutions.reduce((written, [from, to]) => written.replaceAll(from, to), text)
  return filled === text ? text : { 'Fn::Sub': filled }
}
