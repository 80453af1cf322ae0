import { expect, test } from '@jest/globals'
import { systemClock } from '@prebake/kernel'
import type { ModelFile, ModelListing } from '@prebake/snapshot'
import { huggingFaceHub } from '../src/index.ts'

const { signal } = new AbortController()
const commit = 'c'.repeat(40)
const file: ModelFile = { path: 'config.json', size: 2, digest: { algorithm: 'git-sha1', hex: '9e26dfeeb6e641a33dae4961196235bdb965b21b' } }
const listing: ModelListing = { model: 'owner/name', commit, restricted: false, files: [file] }

/** A hub under a path of its host, that answers with `answer`; and what it was asked. */
function hubThat(answer: (url: URL) => Response) {
  const asked: (readonly [address: string, authorization: string | undefined])[] = []
  const hub = huggingFaceHub({
    endpoint: 'https://hub.test/hf',
    token: 'hf_secret',
    clock: systemClock(10_000),
    fetch: async (url, { headers }) => {
      asked.push([url.href, headers['authorization']])
      return answer(url)
    },
  })
  return { hub, asked }
}

const redirect = (location: string) => new Response(null, { status: 307, headers: { location } })

test.each([
  ['a login page', new Response('<html><title>Sign in to the guest network</title></html>', { headers: { 'content-type': 'text/html' } })],
  ['half of an answer', new Response('{"id":"owner/na')],
  ['nothing', new Response('')],
])('%s in place of the list: the error names the host', async (_, response) => {
  const { hub } = hubThat(() => response.clone())
  await expect(hub.list('owner/name', 'main', signal)).rejects.toMatchObject({
    errorCode: 'response-not-json',
    message: expect.stringMatching(/^Listing owner\/name on the model hub: .*hub\.test/),
  })
})

test.each(['http://cdn.test/x', 'http://127.0.0.1/x', 'https://169.254.169.254/latest/meta-data', 'https://[fd00:ec2::254]/latest'])(
  'the hub leads neither runner nor builder to %s',
  async (location) => {
    for (const work of ['list', 'locate', 'read'] as const) {
      const { hub, asked } = hubThat(() => redirect(location))
      const attempt = work === 'list' ? hub.list('owner/name', 'main', signal) : hub[work](listing, file, signal)
      await expect(attempt).rejects.toMatchObject({ errorCode: 'redirect-refused' })
      expect(asked).toHaveLength(1)
    }
  },
)

test('a hub under a path: its files, and the token, which goes to its host alone', async () => {
  const { hub, asked } = hubThat(({ host }) => (host === 'cdn.test' ? new Response('{}') : redirect('https://cdn.test/x?Signature=y')))
  expect(Buffer.from(await hub.read(listing, file, signal)).toString()).toBe('{}')
  expect(asked).toEqual([
    [`https://hub.test/hf/owner/name/resolve/${commit}/config.json`, 'Bearer hf_secret'],
    ['https://cdn.test/x?Signature=y', undefined],
  ])
})

test('a copy that a hub under a path keeps of a restricted file needs the token, and is read by the runner', async () => {
  const { hub } = hubThat(() => redirect(`/hf/api/resolve-cache/models/owner/name/${commit}/config.json`))
  expect(await hub.locate({ ...listing, restricted: true }, file, signal)).toEqual({ kind: 'runner' })
  expect(await hub.locate(listing, file, signal)).toMatchObject({ kind: 'address' })
})

test('a file that is larger than was listed is not read to its end', async () => {
  let sent = 0
  const endless = () =>
    new ReadableStream({
      pull: (controller) => {
        sent += 65_536
        controller.enqueue(new Uint8Array(65_536))
      },
    })
  const { hub, asked } = hubThat(() => new Response(endless()))
  await expect(hub.read(listing, file, signal)).rejects.toMatchObject({ errorCode: 'response-too-large' })
  expect(await hub.locate(listing, file, signal)).toMatchObject({ kind: 'address' })
  expect([asked.length, sent < 1_000_000]).toEqual([2, true])
})

test('an endless redirect is reported without its signature', async () => {
  const { hub } = hubThat(({ pathname }) => redirect(`${pathname}?Signature=abc`))
  const error = (await hub.read(listing, file, signal).catch((reason: unknown) => reason)) as Error
  expect(error).toMatchObject({ errorCode: 'redirects-too-many' })
  expect(error.message).not.toContain('abc')
})
