import { expect, test } from '@jest/globals'
import { isOlder, judgeReaders, releaseNumber, type ReaderVerdict } from '../src/index.ts'

const images = [{ name: 'docker.io/a/b', tag: 'v1', digest: 'sha256:0' }]

test.each<
  [bottlerocket: string | undefined, containerd: string | undefined, release: string | undefined, minor: string | undefined, ReaderVerdict]
>([
  ['1.69.0', '2.3.1', '1.69.0', '1.32', 'can-read'],
  ['1.69.0', '2.3.1', '1.70.0', '1.31', 'can-read'],
  ['1.69.0', '2.3.1', '1.57.0', '1.34', 'older-bottlerocket'],
  ['1.57.0', '2.1.6', '1.57.0', '1.35', 'can-read'],
  ['1.57.0', '2.1.6', '1.57.0', '1.32', 'older-containerd'],
  ['1.57.0', '2', '1.60.0', '1.32', 'older-containerd'],
  ['1.57.0', '2.1.6', '1.69.0', '1.32', 'can-read'],
  ['1.57.0', '2.1.6', undefined, '1.32', 'older-containerd'],
  ['1.57.0', '2.1.6', undefined, '1.34', 'unknown'],
  ['1.57.0', '1.7.29', '1.57.0', '1.32', 'can-read'],
  ['1.57.0', '1.7.29', '1.57.0', undefined, 'can-read'],
  ['1.57.0', '2.1.6', '1.57.0', undefined, 'unknown'],
  ['1.57.0', undefined, '1.57.0', '1.34', 'unknown'],
  [undefined, '2.1.6', '1.57.0', '1.34', 'unknown'],
])('written by %s with containerd %s, nodes of %s for %s: %s', (bottlerocket, containerd, release, minor, verdict) => {
  expect(judgeReaders({ bottlerocket: release, kubernetes: minor }, { bottlerocket, containerd, images })).toBe(verdict)
})

test('files alone are read by every release', () => {
  const written = { bottlerocket: '1.69.0', containerd: '2.3.1', images: [] }
  expect(judgeReaders({ bottlerocket: '1.57.0', kubernetes: '1.32' }, written)).toBe('can-read')
})

test.each([
  ['1.9.0', '1.57.0', true],
  ['1.57.0', '1.9.0', false],
  ['v1.57', '1.57.1', true],
  ['1.57.0', '1.57.0', false],
  ['latest', '1.57.0', false],
])('%s is older than %s: %s', (one, other, older) => expect(isOlder(one, other)).toBe(older))

test.each([
  ['v2.3.1+bottlerocket', '2.3.1'],
  ['1.7.29', '1.7.29'],
  ['unknown', 'unknown'],
])('the release in %s is %s', (version, release) => expect(releaseNumber(version)).toBe(release))
