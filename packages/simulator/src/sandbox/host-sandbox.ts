import { existsSync, watch } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { HostSandbox, HostSandboxOptions } from '../aws/host.ts'
import { endProcesses } from './end-processes.ts'
import { copyVolume, layOutHost } from './lay-out-host.ts'
import { layOutPrograms } from './lay-out-programs.ts'
import { runAsAgent } from './run-as-agent.ts'

export interface SandboxSettings extends HostSandboxOptions {
  /** A registry's URL that answers for all registries, as a mirror does; without it every pull goes to the image's own. */
  readonly registry?: string
  /** What the kubelet's credential plugin answers for ECR; without it, it fails as for a role that may not ask. */
  readonly ecrPassword?: string
}

/** Units of the host that run after a boot. */
const activeUnits = ['kubelet', 'containerd', 'host-containers@control', 'host-containers@admin']

/**
 * Makes a Bottlerocket host out of a folder: real shell, coreutils, curl and openssl, one PATH for each container and one for the host, and stand-ins for
 * what only a real host has (../../sandbox). Nothing is isolated: it keeps honest scripts honest. Needs no root; Linux only.
 */
export async function createHostSandbox(settings: SandboxSettings): Promise<HostSandbox> {
  const { clock, dataVolumeGiB = 150, containerdVersion = '2.1.6', registry = '', ecrPassword = '' } = settings
  await mkdir(settings.folder, { recursive: true })
  const folder = await mkdtemp(join(settings.folder, 'host-'))
  const root = join(folder, 'host')
  const data = join(root, 'local')
  await layOutHost(root, settings)
  await layOutPrograms(folder)
  await mkdir(join(folder, 'memory'))
  await mkdir(join(folder, 'units'))
  const power = watchPower(join(folder, 'units'), settings.onPowerOff)
  for (const unit of activeUnits) await writeFile(join(folder, 'units', `${unit}.service`), 'active\n')

  const environment = {
    PATH: join(folder, 'control'),
    HOME: '/root',
    PREBAKE_SANDBOX: folder,
    PREBAKE_SANDBOX_RATE: String(Math.max(1, Math.round(clock.rate))),
    // A stalled connection shall not stall the simulation for as long as the real thing.
    PREBAKE_SANDBOX_SLOW: String(Math.max(2, Math.ceil(30 / clock.rate))),
    PREBAKE_SANDBOX_VOLUME: String(Math.round(dataVolumeGiB * 2 ** 30)),
    PREBAKE_SANDBOX_CONTAINERD: containerdVersion,
    PREBAKE_SANDBOX_REGISTRY: registry,
    PREBAKE_SANDBOX_ECR_PASSWORD: ecrPassword,
  }
  // As apiclient.sh gives it to everything in the admin container, and to nothing else.
  const work = join(folder, 'memory/prebake')
  const orchestration = join(data, 'host-containers/control/ssm/document/orchestration')
  return {
    root,
    run: (line, { timeoutMs }) => runAsAgent(line, { orchestration, shell: join(folder, 'control/sh'), environment, timeoutMs }),
    copyDataVolume: (to) => copyVolume(data, to),
    async restartAdmin() {
      await endProcesses(`PREBAKE_WORK=${work}`)
      await rm(work, { recursive: true, force: true })
    },
    async destroy() {
      power.close()
      await endProcesses(`PREBAKE_SANDBOX=${folder}`)
      // What was just ended may still have been making a file.
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** Tells once that the host has powered itself off, as the stand-in for systemctl writes it down. */
function watchPower(units: string, onPowerOff: (() => void) | undefined): { close(): void } {
  const watcher = watch(units, (_, name) => {
    if (name !== 'poweroff.target' || !existsSync(join(units, name))) return
    watcher.close()
    onPowerOff?.()
  })
  return watcher
}
