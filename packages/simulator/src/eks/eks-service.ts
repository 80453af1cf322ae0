import { versions } from '@prebake/versions'
import type { Service, SimulatedRequest, SimulatedResponse } from '../core/serve.ts'
import { accountId, region } from '../aws/account.ts'

export interface EksClusterFixture {
  readonly name: string
  /** Where the API server is. */
  readonly endpoint: string
  /** Whether the endpoint can be reached from outside of the VPC (default true). */
  readonly publicAccess?: boolean
  readonly status?: 'ACTIVE' | 'CREATING' | 'DELETING'
}

const signed =
  /^AWS4-HMAC-SHA256 Credential=[^/\s]+\/\d{8}\/[a-z0-9-]+\/eks\/aws4_request, ?SignedHeaders=[a-z0-9;-]+, ?Signature=[0-9a-f]{64}$/

/** EKS of the simulated account, as far as it is called: DescribeCluster of one cluster (EKS API reference, REST with JSON). */
export function createEks({ name, endpoint, publicAccess = true, status = 'ACTIVE' }: EksClusterFixture): Service {
  const error = (status: number, code: string, message: string): SimulatedResponse => ({
    status,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': code, 'x-amzn-requestid': requestId },
    body: JSON.stringify({ message }),
  })
  const cluster = {
    name,
    arn: `arn:aws:eks:${region}:${accountId}:cluster/${name}`,
    version: versions.kubernetes,
    status,
    ...(status !== 'CREATING' && {
      endpoint,
      certificateAuthority: { data: Buffer.from('no certificate: plain HTTP').toString('base64') },
    }),
    resourcesVpcConfig: {
      endpointPublicAccess: publicAccess,
      endpointPrivateAccess: true,
      publicAccessCidrs: publicAccess ? ['0.0.0.0/0'] : [],
    },
    accessConfig: { authenticationMode: 'API' },
  }
  return {
    name: 'aws',
    operation: ({ method, url }) => (method === 'GET' && nameIn(url) !== undefined ? 'DescribeCluster' : `${method} ${url.pathname}`),
    parameters: ({ url }) => ({ name: nameIn(url) }),
    handle({ method, url, headers }) {
      if (!signed.test(headers.authorization ?? ''))
        return error(403, 'MissingAuthenticationTokenException', 'Missing Authentication Token')
      const asked = nameIn(url)
      if (method !== 'GET' || asked === undefined) return error(404, 'UnknownOperationException', '')
      if (asked !== name) return error(404, 'ResourceNotFoundException', `No cluster found for name: ${asked}.`)
      return {
        status: 200,
        headers: { 'content-type': 'application/json', 'x-amzn-requestid': requestId },
        body: JSON.stringify({ cluster }),
      }
    },
    error,
  }
}

/** The same for every answer: nothing that is random may be drawn here, or all that comes after would be another run. */
const requestId = '5f2b1c7e-0000-4000-a000-000000000e15'

function nameIn({ pathname }: URL): string | undefined {
  const [, name] = /^\/clusters\/([^/]+)$/.exec(pathname) ?? []
  return name === undefined ? undefined : decodeURIComponent(name)
}

/** Both behind one endpoint, as `AWS_ENDPOINT_URL` has it: EKS is told by its paths. */
export function besideEks(aws: Service, eks: Service): Service {
  const of = ({ url }: Pick<SimulatedRequest, 'url'>) => (url.pathname.startsWith('/clusters') ? eks : aws)
  return {
    name: aws.name,
    operation: (request) => of(request).operation(request),
    parameters: (request) => of(request).parameters?.(request),
    handle: (request) => of(request).handle(request),
    error: (status, code, message, request) => of(request).error(status, code, message, request),
  }
}
