import type { ECRClientConfig } from '@aws-sdk/client-ecr'
import { ecrRegion } from '@prebake/image-reference'
import { ServiceError } from '@prebake/kernel'
import type { RegistryLogin } from '@prebake/snapshot'
import { requireField, call } from './call.ts'

/**
 * The login for a private ECR registry, good for twelve hours and for every registry of its region that the role may read
 * (ECR API reference, GetAuthorizationToken). The SDK's client is loaded here, since few images are in ECR.
 * @param registry `123456789012.dkr.ecr.eu-west-1.amazonaws.com`; its region counts, not the build's, and says the partition. As with the kubelet's
 * plugin, FIPS and dual-stack endpoints are for the SDK's own variables to choose: every endpoint of a region gives the same token.
 */
export async function ecrLogin(registry: string, config: ECRClientConfig, signal: AbortSignal): Promise<RegistryLogin> {
  const region = ecrRegion(registry)
  if (region === undefined) throw new TypeError(`${registry} is not a private registry of ECR.`)
  const { ECRClient, GetAuthorizationTokenCommand } = await import('@aws-sdk/client-ecr')
  const client = new ECRClient({ ...config, region })
  const { authorizationData } = await call('ecr:GetAuthorizationToken', signal, (options) =>
    client.send(new GetAuthorizationTokenCommand({}), options),
  )
  const token = requireField(authorizationData?.[0]?.authorizationToken, 'GetAuthorizationToken', 'token')
  const [username, ...rest] = Buffer.from(token, 'base64').toString('utf8').split(':')
  const password = rest.join(':')
  if (!username || !password)
    throw new ServiceError({
      operation: 'GetAuthorizationToken',
      code: 'IncompleteAnswer',
      message: 'the token holds no name and password.',
    })
  return { username, password }
}
