import { expect, test } from '@jest/globals'
import { generateKeyPairSync } from 'node:crypto'
import { readFileSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { sealEnvelope } from '../../src/builder/envelope.ts'
import { modelLine, startBuilder } from './start-builder.ts'

test('probe holds on a host as it should be, and names what is not', async () => {
  await using builder = await startBuilder()
  const good = await builder.run('probe.sh')
  expect(good.exitCode).toBe(0)
  const rows = good.lines.get('probe') ?? []
  expect(rows.filter((row) => !row.startsWith('ok '))).toEqual([])
  expect(rows.map((row) => row.split(' ')[1])).toEqual([
    'bash',
    'tools',
    'openssl',
    'curl',
    'work-folder',
    'host-root',
    'data-volume',
    'label',
    'bottlerocket',
    'containerd',
    'snapshotter',
    'systemd',
    'systemd-run',
    'journalctl',
    'free-space',
  ])

  renameSync(join(builder.root, '../host-programs/ctr'), join(builder.root, '../ctr'))
  rmSync(join(builder.root, '../admin/flock'))
  const bad = await builder.run('probe.sh')
  expect(bad.exitCode).toBe(1)
  expect(bad.lines.get('probe')?.filter((row) => row.startsWith('FAIL'))).toEqual([
    'FAIL tools  flock',
    'FAIL containerd nsenter: failed to execute ctr: No such file or directory',
  ])
}, 30_000)

test('init can be repeated: the key stays, the timer is set once, the kubelet is stopped and masked', async () => {
  await using builder = await startBuilder()
  const again = await builder.run('init.sh', ['60'])
  expect(Buffer.from(again.lines.get('key')?.[0] ?? '', 'base64')).toEqual(builder.key)
  expect(again.lines.get('init')).toEqual(['containerd=2.1.6 bottlerocket=1.57.0 inflates=yes'])
  const units = join(builder.root, '../units')
  expect(readFileSync(join(units, 'prebake-poweroff.line'), 'utf8')).toBe('--unit=prebake-poweroff --on-active=3600 systemctl poweroff\n')
  expect(readFileSync(join(units, 'kubelet.service'), 'utf8')).toBe('inactive\n')
  expect(readdirSync(units)).toContain('kubelet.service.masked')
}, 30_000)

/** The envelope with one byte changed; negative positions count from its end. */
const flip = (envelope: Buffer, position: number) => {
  const changed = Buffer.from(envelope)
  const at = position < 0 ? changed.length + position : position
  changed[at] = (changed[at] ?? 0) ^ 1
  return changed
}
const strangers = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  publicKeyEncoding: { type: 'spki', format: 'der' },
  privateKeyEncoding: { type: 'pkcs8', format: 'der' },
})

test.each([
  ['a changed seal', (envelope: Buffer) => flip(envelope, -1), /its seal \(HMAC\) does not fit/],
  ['a changed text', (envelope: Buffer) => flip(envelope, 110), /its seal \(HMAC\) does not fit/],
  ['a seal for another builder', () => Buffer.from(sealEnvelope(`${modelLine}\n`, strangers.publicKey)), /its seal \(HMAC\) does not fit/],
  ['no public key', (envelope: Buffer) => flip(envelope, 5), /does not begin with a public key/],
  ['its end cut off', (envelope: Buffer) => envelope.subarray(0, 150), /it is too short/],
])(
  'start refuses an envelope with %s and uses nothing of it',
  async (_, change, words) => {
    await using builder = await startBuilder()
    const plan = change(Buffer.from(sealEnvelope(`${modelLine}\n`, builder.key)))
    const answer = await builder.run('start.sh', ['plan'], { inbox: { plan } })
    expect(answer.exitCode).toBe(1)
    expect(answer.lines.get('error')).toEqual([expect.stringMatching(words)])
    expect(readdirSync(join(builder.work, 'plan'))).toEqual([])
    expect((await builder.status()).state).toBe('idle')
  },
  30_000,
)

test('start that is sent again, as an agent that lost its answer does, opens its envelope once', async () => {
  await using builder = await startBuilder()
  const send = () => builder.run('start.sh', ['plan'], { inbox: { plan: sealed } })
  const sealed = sealEnvelope(`${modelLine}\n`, builder.key)
  expect((await send()).exitCode).toBe(0)
  // The first one's own deletion may come in between.
  expect((await builder.run('start.sh', ['plan'])).exitCode).toBe(0)
  expect((await send()).exitCode).toBe(0)
  expect(readdirSync(join(builder.work, 'plan'))).toEqual(['model'])
  expect(readdirSync(join(builder.work, 'inbox'))).toEqual([])
}, 30_000)

test('a path that leads out of the snapshot is refused', async () => {
  await using builder = await startBuilder()
  const answer = await builder.start([modelLine, `file\t0\t1\tsha256\t${'a'.repeat(64)}\tdeep/../../../out`])
  expect(answer.error).toMatch(/the line of file deep\/\.\.\/\.\.\/\.\.\/out is malformed/)
}, 30_000)
