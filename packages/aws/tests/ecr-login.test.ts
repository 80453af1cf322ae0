import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { afterEach, expect, test } from '@jest/globals'
import { ecrLogin } from '../src/ecr-login.ts'
import { connectAws } from '../src/index.ts'

const { signal } = new AbortController()
const registry = '123456789012.dkr.ecr.eu-central-1.amazonaws.com'
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' }

let server: Server | undefined
afterEach(() => {
  server?.close()
  server?.closeAllConnections()
})

/** An endpoint that gives one answer to whatever it is asked, in ECR's JSON protocol. */
async function connect(status: number, answer: object) {
  const seen: { target: string | undefined; scope: string }[] = []
  const started = (server = createServer((request, response) => {
    seen.push({ target: String(request.headers['x-amz-target']), scope: request.headers.authorization ?? '' })
    request
      .resume()
      .on('end', () => response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(answer)))
  }))
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve))
  const account = { endpoint: `http://127.0.0.1:${(started.address() as AddressInfo).port}`, credentials }
  return { seen, aws: await connectAws({ region: 'us-west-2', account }) }
}

const token = (text: string) => ({ authorizationData: [{ authorizationToken: Buffer.from(text).toString('base64') }] })

test('the token is a name and a password, and is asked for in the registry’s own region', async () => {
  const { aws, seen } = await connect(200, token('AWS:pass:word'))
  expect(await aws.ecrLogin(registry, signal)).toEqual({ username: 'AWS', password: 'pass:word' })
  expect(seen).toHaveLength(1)
  expect(seen[0]?.target).toMatch(/\.GetAuthorizationToken$/)
  expect(seen[0]?.scope).toContain('/eu-central-1/ecr/aws4_request')
})

test.each([[{ authorizationData: [] }], [token('AWS')]])(
  'an answer without a password is an error that does not show it (%#)',
  async (answer) => {
    const { aws } = await connect(200, answer)
    await expect(aws.ecrLogin(registry, signal)).rejects.toMatchObject({ code: 'IncompleteAnswer' })
  },
)

test('for a denied role the missing permission is named', async () => {
  const { aws } = await connect(400, {
    __type: 'AccessDeniedException',
    message: 'User is not authorized to perform: ecr:GetAuthorizationToken',
  })
  await expect(aws.ecrLogin(registry, signal)).rejects.toMatchObject({
    errorCode: 'aws-access-denied',
    hint: expect.stringContaining('`ecr:GetAuthorizationToken`'),
  })
})

test('the name of another registry is a mistake of ours', async () => {
  const { aws, seen } = await connect(200, token('AWS:x'))
  await expect(aws.ecrLogin('ghcr.io', signal)).rejects.toThrow(TypeError)
  expect(seen).toEqual([])
})

test.each([
  ['123456789012.dkr.ecr.eu-central-1.amazonaws.com', 'api.ecr.eu-central-1.amazonaws.com'],
  ['123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com', 'api.ecr.us-gov-west-1.amazonaws.com'],
  ['123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn', 'api.ecr.cn-north-1.amazonaws.com.cn'],
  ['123456789012.dkr.ecr.eusc-de-east-1.amazonaws.eu', 'api.ecr.eusc-de-east-1.amazonaws.eu'],
  ['123456789012.dkr.ecr.us-iso-east-1.c2s.ic.gov', 'api.ecr.us-iso-east-1.c2s.ic.gov'],
  ['123456789012.dkr.ecr.us-isob-east-1.sc2s.sgov.gov', 'api.ecr.us-isob-east-1.sc2s.sgov.gov'],
  ['123456789012.dkr.ecr.eu-isoe-west-1.cloud.adc-e.uk', 'api.ecr.eu-isoe-west-1.cloud.adc-e.uk'],
  ['123456789012.dkr.ecr.us-isof-south-1.csp.hci.ic.gov', 'api.ecr.us-isof-south-1.csp.hci.ic.gov'],
  ['123456789012.dkr-ecr.us-west-2.on.aws', 'api.ecr.us-west-2.amazonaws.com'],
  ['123456789012.dkr-ecr-fips.us-east-1.on.aws', 'api.ecr.us-east-1.amazonaws.com'],
  ['123456789012.dkr-ecr.cn-north-1.on.amazonwebservices.com.cn', 'api.ecr.cn-north-1.amazonaws.com.cn'],
])('the login for %s is given by %s', async (host, api) => {
  const asked: string[] = []
  const body = Readable.from([Buffer.from(JSON.stringify(token('AWS:word')))])
  const requestHandler = {
    handle: async ({ hostname }: { hostname: string }) => {
      asked.push(hostname)
      return { response: { statusCode: 200, headers: { 'content-type': 'application/x-amz-json-1.1' }, body } }
    },
  }
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' }
  expect(await ecrLogin(host, { credentials, requestHandler }, signal)).toEqual({ username: 'AWS', password: 'word' })
  expect(asked).toEqual([api])
})
