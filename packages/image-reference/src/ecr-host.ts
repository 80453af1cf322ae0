/**
 * Private registries of ECR, in the words of the kubelet's ecr-credential-provider (kubernetes/cloud-provider-aws, cmd/ecr-credential-provider/main.go,
 * `ecrPrivateHostPattern`): what it does not know gets no password on a node. The builder's work.sh has the same pattern.
 */
const privateHost =
  /^\d{12}\.dkr[.-]ecr(-fips)?\.([a-zA-Z0-9][a-zA-Z0-9_-]*)\.(amazonaws\.(?:com(?:\.cn)?|eu)|on\.(?:aws|amazonwebservices\.com\.cn)|sc2s\.sgov\.gov|c2s\.ic\.gov|cloud\.adc-e\.uk|csp\.hci\.ic\.gov)$/

/** What the host of a private ECR registry says of the API that hands out its passwords. */
export interface EcrHost {
  /** `eu-west-1`; it also says which partition this is. */
  readonly region: string
  readonly fips: boolean
  /** IPv4 and IPv6. */
  readonly dualStack: boolean
}

/** Undefined for every other registry, ECR Public too. */
export function readEcrHost(registry: string): EcrHost | undefined {
  const [, fips, region, suffix] = privateHost.exec(registry) ?? []
  if (region === undefined) return undefined
  return { region, fips: fips !== undefined, dualStack: suffix?.startsWith('on.') ?? false }
}
