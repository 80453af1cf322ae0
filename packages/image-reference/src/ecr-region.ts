/**
 * The pattern of the kubelet's ecr-credential-provider (kubernetes/cloud-provider-aws, cmd/ecr-credential-provider/main.go, `ecrPrivateHostPattern`): on a
 * node, no other host gets a password. The builder's work.sh has the same pattern.
 */
const privateHost =
  /^\d{12}\.dkr[.-]ecr(?:-fips)?\.([a-zA-Z0-9][a-zA-Z0-9_-]*)\.(?:amazonaws\.(?:com(?:\.cn)?|eu)|on\.(?:aws|amazonwebservices\.com\.cn)|sc2s\.sgov\.gov|c2s\.ic\.gov|cloud\.adc-e\.uk|csp\.hci\.ic\.gov)$/

/**
 * The region of a private ECR registry, `eu-west-1`, whose API hands out its passwords. It also says which partition this is.
 * @returns undefined for every other registry, ECR Public too
 */
export function ecrRegion(registry: string): string | undefined {
  return privateHost.exec(registry)?.[1]
}
