import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from '@jest/globals'
import type { ModelListing } from '@prebake/snapshot'
import { huggingFaceHub } from '../src/index.ts'

const { signal } = new AbortController()
const commit = 'c'.repeat(40)
const file = { path: 'config.json', size: 2, digest: { algorithm: 'git-sha1', hex: '9e26dfeeb6e641a33dae4961196235bdb965b21b' } } as const
const listing: ModelListing = { model: 'new/name', commit, restricted: true, files: [file] }

/** Serves on 127.0.0.1 while `work` runs; remembers what each request's path and Authorization were. */
async function withServer(listener: RequestListener, work: (url: string, seen: string[]) => Promise<void>): Promise<void> {
  const seen: string[] = []
  const server = createServer((request, response) => {
    seen.push(`${request.url?.split('?')[0]} ${request.headers.authorization ?? '-'}`)
    listener(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen)
  } finally {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}

test('the token goes to the endpoint only, even if a redirect or a link to the next page leads elsewhere', async () => {
  await withServer(
    (request, response) => response.end(request.url?.startsWith('/api/') ? '[]' : '{}'),
    async (elsewhere, seenElsewhere) => {
      await withServer(
        (request, response) => {
          if (request.url?.startsWith('/api/models/new/name/revision')) {
            response.end(JSON.stringify({ id: 'new/name', sha: commit, gated: false, private: true }))
          } else if (request.url?.startsWith('/api/')) {
            response.setHeader('Link', `<${elsewhere}/api/next>; rel="next"`).end(JSON.stringify([]))
          } else response.writeHead(302, { Location: `${elsewhere}/file` }).end()
        },
        async (endpoint, seen) => {
          const hub = huggingFaceHub({ endpoint, token: 'hf_secret' })
          await hub.list('new/name', 'main', signal)
          expect(Buffer.from(await hub.read(listing, file, signal)).toString()).toBe('{}')
          expect(seen.length).toBe(3)
          expect(seen.every((line) => line.endsWith(' Bearer hf_secret'))).toBe(true)
          expect(seenElsewhere).toEqual(['/api/next -', '/file -'])
        },
      )
    },
  )
})

test('a renamed model is followed to its new name before it is judged', async () => {
  await withServer(
    (request, response) => {
      const old = request.url?.startsWith('/old/name/')
      response.writeHead(307, { Location: old ? `/new/name/resolve/${commit}/big.bin` : 'https://cdn.example/big?Signature=x' }).end()
    },
    async (endpoint) => {
      const hub = huggingFaceHub({ endpoint, token: 'hf_secret' })
      const source = await hub.locate({ ...listing, model: 'old/name' }, { ...file, path: 'big.bin' }, signal)
      expect(source).toEqual({ kind: 'address', url: 'https://cdn.example/big?Signature=x' })
    },
  )
})

test.each([
  [401, { 'X-Error-Code': 'GatedRepo' }, 'hf-token', 'hub-token-refused'],
  [401, { 'X-Error-Message': 'User Access Token "ci" is expired' }, 'hf-token', 'hub-token-refused'],
  [
    403,
    { 'X-Error-Message': 'Please enable access to public gated repositories in your fine-grained token settings.' },
    'hf-token',
    'model-access-denied',
  ],
  [404, { 'X-Error-Code': 'RepoNotFound' }, 'model', 'model-not-found'],
  [404, {}, 'model', 'model-not-found'],
])('%i with %o is about %s', async (status, headers, input, code) => {
  await withServer(
    (_, response) => response.writeHead(status, headers as Record<string, string>).end(),
    async (endpoint) => {
      const listing = huggingFaceHub({ endpoint, token: 'hf_x' }).list('a/b', 'main', signal)
      await expect(listing).rejects.toMatchObject({ problems: [{ code, input }] })
    },
  )
})

test('a token with a line break, and a malformed name, are refused before any request', async () => {
  const never: typeof fetch = () => Promise.reject(new Error('a request was sent'))
  const list = (model: string, token: string) => huggingFaceHub({ token, fetch: never }).list(model, 'main', signal)
  await expect(list('a/b', 'hf_x\n')).rejects.toMatchObject({ errorCode: 'hub-token-malformed' })
  await expect(list('name-alone', 'hf_x')).rejects.toMatchObject({ errorCode: 'model-name-malformed' })
})
