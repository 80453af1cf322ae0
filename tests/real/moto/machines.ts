import { join } from 'node:path'
import type { RunLine } from './answer-commands.ts'

/** A machine that an instance of moto's is underneath. */
export interface Host {
  run(line: string, options: { readonly timeoutMs: number }): Promise<{ readonly exitCode: number; readonly output: string }>
  /** A clean shutdown, where that is more than nothing. */
  shutDown?(): Promise<void>
  copyDataVolume(to: string): Promise<void>
  destroy(): Promise<void>
}

/** What moto's instances are underneath: hosts, whose data volumes become snapshots. */
export interface Machines {
  readonly run: RunLine
  /** IDs of the instances that run. */
  readonly running: () => readonly string[]
  /** Does on the machines what moto has answered that it did. */
  follow(operation: string, form: URLSearchParams, answer: string): Promise<void>
  stop(): Promise<void>
}

/**
 * @param folder in which each snapshot is something of its ID
 * @param boot makes the host of an instance, with an empty data volume or one from a snapshot
 */
export function createMachines(folder: string, boot: (fromVolume?: string) => Promise<Host>): Machines {
  const hosts = new Map<string, Host>()
  const stopped = new Set<string>()
  /** Instance by volume, as moto describes its instances. */
  const owners = new Map<string, string>()
  const volumeOf = (snapshotId: string) => join(folder, snapshotId)
  const destroy = async (id: string) => {
    await hosts.get(id)?.destroy()
    hosts.delete(id)
  }

  async function launch(form: URLSearchParams, answer: string): Promise<void> {
    const snapshotId = dataSnapshot(form)
    for (const id of ids(answer, 'instanceId')) hosts.set(id, await boot(snapshotId && volumeOf(snapshotId)))
  }

  return {
    async run(id, line) {
      const host = hosts.get(id)
      if (host === undefined) return { exitCode: 1, output: '' }
      return host.run(line, { timeoutMs: 60_000 })
    },
    running: () => [...hosts.keys()].filter((id) => !stopped.has(id)),
    async follow(operation, form, answer) {
      if (operation === 'RunInstances') await launch(form, answer)
      if (operation === 'StopInstances') {
        for (const id of ids(answer, 'instanceId')) {
          stopped.add(id)
          await hosts.get(id)?.shutDown?.()
        }
      }
      if (operation === 'TerminateInstances') for (const id of ids(answer, 'instanceId')) await destroy(id)
      if (operation === 'DescribeInstances') {
        // Each of ours has a reservation of its own.
        for (const reservation of answer.split('<reservationId>').slice(1)) {
          const [id = ''] = ids(reservation, 'instanceId')
          for (const volumeId of ids(reservation, 'volumeId')) owners.set(volumeId, id)
        }
      }
      if (operation === 'CreateSnapshot') {
        const [snapshotId = ''] = ids(answer, 'snapshotId')
        const host = hosts.get(owners.get(form.get('VolumeId') ?? '') ?? '')
        if (host === undefined) throw new Error(`Take ${snapshotId}: no machine has the volume ${form.get('VolumeId')}.`)
        await host.copyDataVolume(volumeOf(snapshotId))
      }
    },
    stop: async () => void (await Promise.all([...hosts.keys()].map(destroy))),
  }
}

function ids(xml: string, element: string): string[] {
  return [...xml.matchAll(new RegExp(`<${element}>([a-z]+-[0-9a-f]+)</${element}>`, 'g'))].map(([, id = '']) => id)
}

/** The snapshot that a launch asks its data volume to be restored from. */
function dataSnapshot(form: URLSearchParams): string | undefined {
  for (let index = 1; form.has(`BlockDeviceMapping.${index}.DeviceName`); index++) {
    if (form.get(`BlockDeviceMapping.${index}.DeviceName`) === '/dev/xvdb')
      return form.get(`BlockDeviceMapping.${index}.Ebs.SnapshotId`) ?? undefined
  }
  return undefined
}
