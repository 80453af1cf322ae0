import { versions } from '@prebake/versions'
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { accountId, region } from '../aws/account.ts'
import type { Service, SimulatedRequest, SimulatedResponse } from '../core/serve.ts'

export interface EksClusterFixture {
  readonly name: string
  /** Where the API server is. */
  readonly endpoint: string
  /** Whether the endpoint can be reached from outside of the VPC (default true). */
  readonly publicAccess?: boolean
  readonly status?: 'ACTIVE' | 'CREATING' | 'DELETING'
  /** The certificate of the API server's authority, as PEM; without one it speaks plain HTTP. */
  readonly authority?: string
}

const signed =
  /^AWS4-HMAC-SHA256 Credential=[^/\s]+\/\d{8}\/[a-z0-9-]+\/eks\/aws4_request, ?SignedHeaders=[a-z0-9;-]+, ?Signature=[0-9a-f]{64}$/

/** EKS of the simulated account, as far as it is called: DescribeCluster of one cluster (EKS API reference, REST with JSON). */
export function createEks({
  name,
  endpoint,
  publicAccess = true,
  status = 'ACTIVE',
  authority = 'no certificate: plain HTTP',
}: EksClusterFixture): Service {
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
      certificateAuthority: { data: Buffer.from(authority).toString('base64') },
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

/** Both behind one endpoint, as `AWS_ENDPOINT_URL` has it: EKS is known by its paths. */
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

export interface TokenRules {
  readonly clusterName: string
  readonly region: string
  readonly now: Date
  /** The only keys that the account has. */
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

/** From X-Amz-Date on (aws-iam-authenticator, verifier; it takes STS of every region of the partition, but there is one region here). */
const lifetimeMs = 15 * 60_000
/** The only parameters that the verifier lets pass (same). */
const allowed = /^(Action|Version|X-Amz-(Algorithm|Credential|Date|Expires|Security-Token|Signature|SignedHeaders))$/

/**
 * What EKS does with a bearer token, with STS's part: an address of GetCallerIdentity is in it, signed by keys of the account, with this cluster's
 * name as the value of the signed header `x-k8s-aws-id`, not older than 15 minutes.
 * @returns undefined where it is good, else why not. A real cluster does not say: it answers 401.
 */
export function checkToken(token: string, rules: TokenRules): string | undefined {
  const [, encoded] = /^k8s-aws-v1\.([A-Za-z0-9_-]+)$/.exec(token) ?? []
  const text = Buffer.from(encoded ?? '', 'base64url').toString('utf8')
  if (!URL.canParse(text)) return 'it holds no address'
  const url = new URL(text)
  const host = `sts.${rules.region}.amazonaws.com`
  if (url.protocol !== 'https:' || url.host !== host || url.pathname !== '/') return `it does not lead to ${host}`
  const query = (name: string) => url.searchParams.get(name) ?? ''
  const strange = [...url.searchParams.keys()].find((name) => !allowed.test(name))
  if (strange !== undefined) return `it has the parameter ${strange}`
  if (query('Action') !== 'GetCallerIdentity' || query('X-Amz-Algorithm') !== 'AWS4-HMAC-SHA256') return 'it is not for GetCallerIdentity'
  if (!query('X-Amz-SignedHeaders').split(';').includes('x-k8s-aws-id')) return 'the name of the cluster is not signed'
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(query('X-Amz-Date')) ?? []
  const age = rules.now.getTime() - Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  if (!(age > -lifetimeMs && age < lifetimeMs) || !(Number(query('X-Amz-Expires')) <= lifetimeMs / 1000)) return 'it has expired'
  if (!query('X-Amz-Credential').startsWith(`${rules.accessKeyId}/`)) return 'its key is of no account'
  const [expected, given] = [signatureOf(url, rules), query('X-Amz-Signature')]
  return expected.length === given.length && timingSafeEqual(Buffer.from(expected), Buffer.from(given))
    ? undefined
    : 'its signature is wrong'
}

/** Signature Version 4 of a presigned GET (IAM User Guide, "Create a signed AWS API request"). */
function signatureOf(url: URL, { clusterName, region, secretAccessKey }: TokenRules): string {
  const headers: Readonly<Record<string, string>> = { host: url.host, 'x-k8s-aws-id': clusterName }
  const signedHeaders = url.searchParams.get('X-Amz-SignedHeaders') ?? ''
  const query = [...url.searchParams]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .toSorted()
    .join('&')
  const headerLines = signedHeaders.split(';').map((name) => `${name}:${headers[name] ?? ''}\n`)
  const canonical = ['GET', '/', query, headerLines.join(''), signedHeaders, sha256('')].join('\n')
  const date = url.searchParams.get('X-Amz-Date') ?? ''
  const scope = [date.slice(0, 8), region, 'sts', 'aws4_request']
  const key = scope.reduce<Buffer | string>((last, part) => hmac(last, part), `AWS4${secretAccessKey}`)
  return hmac(key, ['AWS4-HMAC-SHA256', date, scope.join('/'), sha256(canonical)].join('\n')).toString('hex')
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
const hmac = (key: Buffer | string, text: string): Buffer => createHmac('sha256', key).update(text).digest()
