import { expect, test } from '@jest/globals'
import { readFileSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { composeCommand } from '../../src/builder/compose-command.ts'
import { sealEnvelope } from '../../src/builder/envelope.ts'
import { hostScripts } from '../../src/host-scripts.ts'
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

test('hello can be repeated: the key stays, the timer is set once, the kubelet is stopped and masked', async () => {
  await using builder = await startBuilder()
  const again = await builder.run('hello.sh', ['60'])
  expect(Buffer.from(again.lines.get('key')?.[0] ?? '', 'base64').toString()).toBe(builder.key)
  expect(again.lines.get('hello')).toEqual(['containerd=2.1.6 bottlerocket=1.57.0'])
  const units = join(builder.root, '../units')
  expect(readFileSync(join(units, 'prebake-poweroff.line'), 'utf8')).toBe('--unit=prebake-poweroff --on-active=3600 systemctl poweroff\n')
  expect(readFileSync(join(units, 'kubelet.service'), 'utf8')).toBe('inactive\n')
  expect(readdirSync(units)).toContain('kubelet.service.masked')
}, 30_000)

test.each([
  ['a changed seal', (text: string) => text.replace(/[0-9a-f]{8}\n$/, '00000000\n'), /its seal \(HMAC\) is broken/],
  [
    'a changed text',
    (text: string) => {
      const [keys, iv, body = '', mac] = text.split('\n')
      return [keys, iv, (body.startsWith('A') ? 'B' : 'A') + body.slice(1), mac, ''].join('\n')
    },
    /its seal \(HMAC\) is broken/,
  ],
  ['keys of another machine', (text: string) => `${'A'.repeat(512)}\n${text.split('\n').slice(1).join('\n')}`, /closed for another key/],
  ['three lines', (text: string) => text.split('\n').slice(0, 3).join('\n'), /not four lines long/],
])(
  'start refuses an envelope with %s and uses nothing of it',
  async (_, change, words) => {
    await using builder = await startBuilder()
    const plan = change(sealEnvelope(`${modelLine}\n`, builder.key))
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

test('all scripts together fit into one command', () => {
  expect(composeCommand('hello.sh', ['86400'], { scripts: hostScripts() }).length).toBeLessThan(55_000)
})
