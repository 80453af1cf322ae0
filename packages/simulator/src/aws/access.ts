import type { SimulatedRequest } from '../core/serve.ts'
import { accountId, callerArn, instanceProfile, region } from './account.ts'
import { AwsError } from './aws-error.ts'

/** The protocols that the one endpoint speaks, by the service whose they are. */
export type Protocol = 'ec2' | 'ssm' | 'kms' | 'servicequotas'

/** What the caller's credentials are good for: everything, but for the actions that were taken away. */
export interface Access {
  /** IAM actions that no policy allows: `ec2:CreateSnapshot`. */
  readonly denied: Set<string>
  credentialsExpired: boolean
}

/** What each service says to a session that has ended: EC2 in words of its own (EC2 API reference, "Error codes"). */
const expired: Readonly<Record<Protocol, AwsError>> = {
  ec2: new AwsError('RequestExpired', 'Request has expired.'),
  ssm: expiredJson(),
  kms: expiredJson(),
  servicequotas: expiredJson(),
}

function expiredJson(): AwsError {
  return new AwsError('ExpiredTokenException', 'The security token included in the request is expired')
}

/** @throws AwsError once the session has ended. */
export function requireValidCredentials(access: Access, protocol: Protocol): void {
  if (access.credentialsExpired) throw expired[protocol]
}

/** @throws AwsError in the service's own form and words, for the first of these IAM actions that no policy allows. */
export function authorize(access: Access, protocol: Protocol, actions: readonly string[]): void {
  const action = actions.find((each) => access.denied.has(each))
  if (action === undefined) return
  const because = `User: ${callerArn} is not authorized to perform: ${action} on resource: ${resourceOf(action)} because no identity-based policy allows the ${action} action`
  if (protocol !== 'ec2') throw new AwsError('AccessDeniedException', because)
  const words = `You are not authorized to perform this operation. ${because}. Encoded authorization failure message: ${encoded}`
  throw new AwsError('UnauthorizedOperation', words, 403)
}

/** As long as the real ones are, which only `sts:DecodeAuthorizationMessage` can read. */
const encoded = 'Zm9yIHN0czpEZWNvZGVBdXRob3JpemF0aW9uTWVzc2FnZQ-'.repeat(14)

function resourceOf(action: string): string {
  if (action === 'iam:PassRole') return `arn:aws:iam::${accountId}:role/${instanceProfile.name}`
  const service = action.slice(0, action.indexOf(':'))
  return `arn:aws:${service}:${region}:${accountId}:*`
}

const form =
  /^AWS4-HMAC-SHA256 Credential=[^/\s]+\/\d{8}\/[a-z0-9-]+\/(ec2|ssm|kms|servicequotas)\/aws4_request, ?SignedHeaders=[a-z0-9;-]+, ?Signature=[0-9a-f]{64}$/

/** Whether the request is signed in the form of Signature Version 4. The signature itself is not computed again: every key is good. */
export const isSigned = (request: SimulatedRequest): boolean => form.test(request.headers.authorization ?? '')
