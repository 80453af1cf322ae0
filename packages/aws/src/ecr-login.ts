import type { ECRClientConfig } from '@aws-sdk/client-ecr'
import { ecrRegion } from '@prebake/image-reference'
import { ServiceError } from '@prebake/kernel'
import type { RegistryLogin } from '@prebake/snapshot'
import { requireField, call } from './call.ts'
import type { AwsErrorCode } from './error-codes.ts'

/**
 * The login for a private ECR registry. It is valid for twelve hours, for every registry of the region that the role may read
 * (ECR API reference, GetAuthorizationToken). Loads the SDK's client here, since few images are in ECR.
 * @param registry `123456789012.dkr.ecr.eu-west-1.amazonaws.com`; its region is used, not the build's, and determines the partition. As with the
 * kubelet's plugin, the SDK's own variables choose FIPS and dual-stack endpoints: every endpoint of a region gives the same token.
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
    throw new ServiceError(
      { operation: 'GetAuthorizationToken', code: 'IncompleteAnswer', message: 'the token contains no name and password.' },
      { code: 'aws-response-unreadable' satisfies AwsErrorCode, hint: 'Run again. If it happens again, check the ECR endpoint.' },
    )
  return { username, password }
}
