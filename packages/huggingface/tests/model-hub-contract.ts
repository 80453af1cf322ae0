import { createHash } from 'node:crypto'
import { expect, test } from '@jest/globals'
import { InputError, ServiceError } from '@prebake/kernel'
import type { ModelFile, ModelHub, ModelListing } from '@prebake/snapshot'

/** A hub to hold to the contract, with a public and a gated model that have safetensors. */
export interface HubUnderTest {
  /** The hub as it answers the given caller. */
  readonly connect: (caller: 'anonymous' | 'granted' | 'denied' | 'unknown-token') => ModelHub
  readonly publicModel: string
  readonly gatedModel: string
}

const { signal } = new AbortController()

export function fileOf(listing: ModelListing, path: string): ModelFile {
  const file = listing.files.find((candidate) => candidate.path === path)
  if (!file) throw new Error(`${listing.model} has no ${path}`)
  return file
}

/** The inputs that an attempt is refused for, and everything that is said about them. */
export async function refusalOf(attempt: Promise<unknown>): Promise<{ inputs: readonly string[]; code: string | undefined; text: string }> {
  const error: unknown = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof InputError)) throw new Error('expected an InputError', { cause: error })
  return { inputs: error.problems.map(({ input }) => input), code: error.errorCode, text: error.message }
}

/** What a use case may rely on, whatever hub is behind the port. Holds for the real one too. */
export function modelHubContract(name: string, start: () => HubUnderTest): void {
  test(`${name}: lists every file with size and digest at a commit`, async () => {
    const { connect, publicModel } = start()
    const listing = await connect('anonymous').list(publicModel, 'main', signal)
    expect(listing).toMatchObject({ model: publicModel, restricted: false, commit: expect.stringMatching(/^[0-9a-f]{40}$/) })
    expect(fileOf(listing, 'model.safetensors').digest).toEqual({ algorithm: 'sha256', hex: expect.stringMatching(/^[0-9a-f]{64}$/) })
    expect(fileOf(listing, 'config.json').digest).toEqual({ algorithm: 'git-sha1', hex: expect.stringMatching(/^[0-9a-f]{40}$/) })
    expect(await connect('anonymous').list(publicModel, listing.commit, signal)).toEqual(listing)
  })

  test(`${name}: large files have an address that needs no token and honours ranges`, async () => {
    const { connect, publicModel, gatedModel } = start()
    for (const [caller, model, path] of [
      ['anonymous', publicModel, 'model.safetensors'],
      ['granted', gatedModel, 'consolidated.safetensors'],
    ] as const) {
      const hub = connect(caller)
      const listing = await hub.list(model, 'main', signal)
      const source = await hub.locate(listing, fileOf(listing, path), signal)
      if (source.kind !== 'address') throw new Error('no address')
      const part = await fetch(source.url, { headers: { Range: 'bytes=1-2' } })
      expect([part.status, (await part.arrayBuffer()).byteLength]).toEqual([206, 2])
    }
  })

  test(`${name}: small files of public models have an address, those of gated ones are read by the runner`, async () => {
    const { connect, publicModel, gatedModel } = start()
    const listing = await connect('anonymous').list(publicModel, 'main', signal)
    const file = fileOf(listing, 'config.json')
    const source = await connect('anonymous').locate(listing, file, signal)
    if (source.kind !== 'address') throw new Error('no address')
    const bytes = Buffer.from(await (await fetch(source.url)).arrayBuffer())
    expect(createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')).toBe(file.digest.hex)

    const hub = connect('granted')
    const gated = await hub.list(gatedModel, 'main', signal)
    expect(gated.restricted).toBe(true)
    const config = fileOf(gated, 'config.json')
    expect(await hub.locate(gated, config, signal)).toEqual({ kind: 'runner' })
    expect((await hub.read(gated, config, signal)).length).toBe(config.size)
  })

  test(`${name}: reads the content of a small file, from wherever it is stored`, async () => {
    const { connect, publicModel } = start()
    const hub = connect('anonymous')
    const listing = await hub.list(publicModel, 'main', signal)
    const config: unknown = JSON.parse(new TextDecoder().decode(await hub.read(listing, fileOf(listing, 'config.json'), signal)))
    expect(config).toMatchObject({ model_type: expect.any(String) })
    const stored = fileOf(listing, 'tokenizer.model')
    expect(stored.digest.algorithm).toBe('sha256')
    expect((await hub.read(listing, stored, signal)).length).toBe(stored.size)
  })

  test(`${name}: reads nothing that is too large, and nothing that is not there`, async () => {
    const { connect, publicModel } = start()
    const hub = connect('anonymous')
    const listing = await hub.list(publicModel, 'main', signal)
    const config = fileOf(listing, 'config.json')
    const weights = fileOf(listing, 'model.safetensors')
    for (const [file, errorCode] of [
      [{ ...config, size: 2 ** 40 }, 'model-file-too-large'],
      // The hub sends more than it has listed.
      [{ ...weights, size: 10 }, 'response-too-large'],
      [{ ...config, path: 'no-such-file.json' }, 'hub-request-failed'],
    ] as const) {
      const error: unknown = await hub.read(listing, file, signal).catch((reason: unknown) => reason)
      expect(error).toBeInstanceOf(ServiceError)
      expect(error).toMatchObject({ errorCode, message: expect.stringContaining(file.path) })
    }
  })

  test(`${name}: says which input is wrong, and where access is asked for`, async () => {
    const { connect, publicModel, gatedModel } = start()
    const missing = await refusalOf(connect('anonymous').list('prebake-examples/does-not-exist', 'main', signal))
    expect(missing).toMatchObject({ inputs: ['model'], code: 'model-not-found' })
    const revision = await refusalOf(connect('anonymous').list(publicModel, 'no-such-branch', signal))
    expect(revision).toMatchObject({ inputs: ['revision'], code: 'revision-not-found' })
    expect(revision.text).toContain('no-such-branch')
    for (const caller of ['anonymous', 'denied'] as const) {
      const gated = await refusalOf(connect(caller).list(gatedModel, 'main', signal))
      const code = caller === 'denied' ? 'model-access-denied' : 'hub-token-missing'
      expect(gated).toMatchObject({ inputs: ['hf-token'], code })
      expect(gated.text).toContain(`https://huggingface.co/${gatedModel}`)
    }
    const unknown = await refusalOf(connect('unknown-token').list(gatedModel, 'main', signal))
    expect(unknown).toMatchObject({ inputs: ['hf-token'], code: 'hub-token-refused' })
  })
}
