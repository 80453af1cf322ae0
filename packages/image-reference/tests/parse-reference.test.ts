import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { formatImageReference, isReachableRegistry, parseReference, type ImageReference } from '../src/index.ts'

/**
 * One line for each reference: what `ParseNormalizedNamed` and `ParseDockerRef` (as `canonical`) of github.com/distribution/reference v0.6.0 said, with
 * github.com/opencontainers/go-digest v1.0.0 and all three of its hashes linked, compiled by Go 1.26. containerd, CRI and the kubelet call the same.
 */
interface Answer {
  readonly text: string
  readonly canonical?: string
  readonly registry?: string
  readonly tag?: string
  readonly digest?: string
  readonly error?: string
}
const answers = readFileSync(join(import.meta.dirname, 'distribution-reference.jsonl'), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Answer)

/** `ParseDockerRef` drops the tag beside a digest, and adds `latest` where there is neither. */
function canonicalOf(reference: ImageReference): string {
  const { tag, digest } = reference
  return formatImageReference({ ...reference, tag: digest === undefined ? (tag ?? 'latest') : undefined })
}

const accepted = answers.filter(({ error }) => error === undefined)
const refused = answers.filter(({ error }) => error !== undefined)

test.each(accepted.map((answer) => [answer.text, answer] as const))(
  '%j is read as Go reads it',
  (text, { canonical, registry, tag, digest }) => {
    const parsed = parseReference(text) as ImageReference
    expect(canonicalOf(parsed)).toBe(canonical)
    // Go has no registry where the first part is none by its grammar, as in `foo_bar.com/x`; the name is the same.
    expect(parsed).toMatchObject({ registry: registry ?? canonical?.split('/')[0], tag, digest })
  },
)

test.each(refused.map(({ text }) => text))('%j is refused, as Go refuses it', (text) => {
  expect(parseReference(text)).toEqual({ malformed: expect.any(String) })
})

test('the table has references of both kinds', () => {
  expect([accepted.length > 130, refused.length > 190]).toEqual([true, true])
})

test.each([
  ['docker.io', true],
  ['GHCR.IO', true],
  ['harbor.example.com:8443', true],
  ['127.0.0.1:5000', true],
  ['localhost', true],
  ['[::1]:5000', true],
  ['[2001:DB8::1]', true],
  ['registry.example.com:65535', true],
  ['registry.example.com:443', true],
  ['registry.example.com:65536', false],
  ['registry.example.com:99999', false],
  ['999.999.999.999', false],
  ['127.1', false],
  ['0x7f.1', false],
  ['2130706433:5000', false],
  ['[:::]', false],
  ['foo_bar.com', false],
  ['ghcr.io?x', false],
  ['user@ghcr.io', false],
])('the registry %s can be asked: %j', (registry, reachable) => expect(isReachableRegistry(registry)).toBe(reachable))
