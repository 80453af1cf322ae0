import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { simulatedClock } from '../../src/core/world.ts'
import { images } from '../../src/registry/images.ts'
import { startRegistry } from '../../src/registry/start-registry.ts'
import { createHostSandbox } from '../../src/sandbox/host-sandbox.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'prebake-sandbox-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const start = (more: Partial<Parameters<typeof createHostSandbox>[0]> = {}) =>
  createHostSandbox({ folder, clock: simulatedClock(1000), bottlerocketVersion: '1.57.0', ...more })
const limit = { timeoutMs: 20_000 }

test('each place has its own programs: no curl in the control container, no ctr in the admin container, no shell on the host', async () => {
  const host = await start()
  try {
    expect(await host.run('curl --version', limit)).toMatchObject({ exitCode: 127 })
    expect(
      await host.run(
        "apiclient exec -T admin bash -c 'type -P curl >/dev/null; for name in ctr find xargs tar gzip awk sed grep jq; do type -P $name || :; done'",
        limit,
      ),
    ).toMatchObject({
      exitCode: 0,
      output: '',
    })
    expect(await host.run('apiclient exec -T admin sheltie bash -c true', limit)).toMatchObject({ exitCode: 127 })
    expect(await host.run("apiclient exec -T admin bash -c 'echo out; echo err >&2; exit 7'", limit)).toMatchObject({
      exitCode: 7,
      output: 'out\nerr\n',
    })
    expect((await host.run('apiclient exec -T other true', limit)).output).toContain("no host container is named 'other'")
  } finally {
    await host.destroy()
  }
}, 30_000)

test('a timer takes the host off, also when the admin container restarts meanwhile', async () => {
  const off = Promise.withResolvers<void>()
  const host = await start({ onPowerOff: () => off.resolve() })
  try {
    const line = 'echo kept > $PREBAKE_WORK/key; sheltie systemd-run --unit=switch --on-active=2000 systemctl poweroff'
    expect(await host.run(`apiclient exec -T admin bash -c 'mkdir -p $PREBAKE_WORK; ${line}'`, limit)).toMatchObject({ exitCode: 0 })
    await host.restartAdmin?.()
    const look = "apiclient exec -T admin bash -c 'ls $PREBAKE_WORK; sheltie systemctl is-active switch.timer'"
    expect((await host.run(look, limit)).output).toMatch(/No such file or directory\nactive\n$/)
    await off.promise
  } finally {
    await host.destroy()
  }
}, 30_000)

test('a command is kept on the data volume as the agent keeps it, and the volume can be taken along', async () => {
  const host = await start()
  try {
    await host.run(`apiclient exec -T admin bash -c 'echo weights > $PREBAKE_HOST_ROOT/mnt/weights; echo said'`, limit)
    const volume = join(folder, 'volume')
    await host.copyDataVolume(volume)
    const orchestration = join(volume, 'host-containers/control/ssm/document/orchestration')
    const [id = ''] = readdirSync(orchestration)
    const kept = join(orchestration, id, 'awsrunShellScript/0.awsrunShellScript')
    expect(readFileSync(join(kept, '_script.sh'), 'utf8')).toContain('echo weights')
    expect(readFileSync(join(kept, 'stdout'), 'utf8')).toBe('said\n')
    const second = await start({ fromVolume: volume })
    expect((await second.run(`apiclient exec -T admin bash -c 'cat $PREBAKE_HOST_ROOT/mnt/weights'`, limit)).output).toBe('weights\n')
    await second.destroy()
  } finally {
    await host.destroy()
  }
}, 30_000)

test('destroy ends what has left the command’s session, and a command that takes too long is ended with its children', async () => {
  const host = await start()
  const begun = await host.run(`apiclient exec -T admin bash -c 'setsid sleep 900000 </dev/null >/dev/null 2>&1 & echo $!'`, limit)
  const pid = Number(begun.output)
  expect(existsSync(`/proc/${pid}/stat`)).toBe(true)
  expect(await host.run("apiclient exec -T admin bash -c 'echo begun; sleep 900000'", { timeoutMs: 300 })).toMatchObject({
    timedOut: true,
    output: 'begun\n',
  })
  await host.destroy()
  expect(isRunning(pid)).toBe(false)
  expect(readdirSync(folder)).toEqual([])
}, 30_000)

test('ctr asks the registry, keeps names and labels, and fails as the real one does', async () => {
  const registry = await startRegistry()
  const host = await start({ registry: registry.url, containerdVersion: '1.7.29', dataVolumeGiB: 20 })
  const sheltie = (words: string) => host.run(`apiclient exec -T admin sheltie ${words}`, limit)
  const image = images.find(({ repository }) => repository === 'vllm/vllm-openai')
  const reference = `docker.io/vllm/vllm-openai@${image?.root.digest}`
  try {
    expect((await sheltie('ctr version')).output).toContain('Server:\n  Version:  1.7.29')
    expect(await sheltie(`ctr -n k8s.io images pull --platform linux/amd64 --label a=b ${reference}`)).toMatchObject({ exitCode: 0 })
    await sheltie(`ctr -n k8s.io images tag ${reference} docker.io/vllm/vllm-openai:v0.11.0`)
    expect((await sheltie('ctr -n k8s.io images check -q name==docker.io/vllm/vllm-openai:v0.11.0')).output).toBe(
      'docker.io/vllm/vllm-openai:v0.11.0\n',
    )
    expect((await sheltie(`ctr images tag ${reference} docker.io/vllm/vllm-openai:v0.11.0`)).output).toContain('already exists')

    const unknown = `docker.io/vllm/vllm-openai@sha256:${'0'.repeat(64)}`
    expect(await sheltie(`ctr images pull ${unknown}`)).toMatchObject({
      exitCode: 1,
      output: `ctr: failed to resolve reference "${unknown}": ${unknown}: not found\n`,
    })
    const lines = (await host.run('apiclient exec -T admin df -B1 --output=size,used /', limit)).output.split('\n')
    const [size = 0, used = 0] = (lines[1] ?? '').trim().split(' ').map(Number)
    expect(size).toBe(20 * 2 ** 30)
    expect(used).toBeGreaterThan(9e9)
  } finally {
    await host.destroy()
    await registry.close()
  }
}, 30_000)

/** A process that has ended may still be listed until its parent has looked. */
function isRunning(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) [ZX]/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}
