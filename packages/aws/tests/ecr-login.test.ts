import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from '@jest/globals'
import { connectAws } from '../src/index.ts'

const { signal } = new AbortController()
const registry = '123456789012.dkr.ecr.eu-central-1.amazonaws.com'
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' }

let server: Server
afterEach(() => {
  server.close()
  server.closeAllConnections()
})

/** An endpoint that gives one answer to whatever it is asked, in ECR's JSON protocol. */
async function connect(status: number, answer: object) {
  const seen: { target: string | undefined; scope: string }[] = []
  server = createServer((request, response) => {
    seen.push({ target: String(request.headers['x-amz-target']), scope: request.headers.authorization ?? '' })
    request
      .resume()
      .on('end', () => response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(answer)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const account = { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, credentials }
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

test('a role that may not ask is told which permission it lacks', async () => {
  const { aws } = await connect(400, {
    __type: 'AccessDeniedException',
    message: 'User is not authorized to perform: ecr:GetAuthorizationToken',
  })
  await expect(aws.ecrLogin(registry, signal)).rejects.toMatchObject({ hint: expect.stringContaining('`ecr:GetAuthorizationToken`') })
})

test('the name of another registry is a mistake of ours', async () => {
  const { aws, seen } = await connect(200, token('AWS:x'))
  await expect(aws.ecrLogin('ghcr.io', signal)).rejects.toThrow(TypeError)
  expect(seen).toEqual([])
})
