import { expect, test } from '@jest/globals'
import { judgeGround, needs, type Ground } from './check-ground.ts'

const gibibytes = 2 ** 30
const enough: Ground = {
  platform: 'linux',
  user: 0,
  architecture: 'x64',
  fileSystems: ['xfs', 'overlay'],
  hasLoopControl: true,
  hasFuse: true,
  freeDiskBytes: needs.disk * gibibytes,
  availableMemoryBytes: needs.memory * gibibytes,
  isBuilt: true,
}

test('a machine that has everything lacks nothing', () => {
  expect(judgeGround(enough)).toEqual([])
})

test.each<[string, Partial<Ground>, RegExp]>([
  ['another system', { platform: 'darwin' }, /Linux on x86_64/],
  ['another architecture', { architecture: 'arm64' }, /Linux on x86_64/],
  ['a user who is not root', { user: 1000 }, /needs root/],
  ['no loop devices', { hasLoopControl: false }, /loop devices/],
  ['no FUSE', { hasFuse: false }, /FUSE/],
  ['no XFS', { fileSystems: ['overlay'] }, /XFS/],
  ['no overlayfs', { fileSystems: ['xfs'] }, /overlayfs/],
  ['a byte too little disk', { freeDiskBytes: needs.disk * gibibytes - 1 }, /25 GiB of free disk, and there are 24/],
  ['too little disk to build the image', { isBuilt: false }, /45 GiB of free disk, and there are 25/],
  ['a byte too little memory', { availableMemoryBytes: needs.memory * gibibytes - 1 }, /12 GiB of free memory .* and there are 11/],
])('%s is one line', (_, change, line) => {
  expect(judgeGround({ ...enough, ...change })).toEqual([expect.stringMatching(line)])
})
