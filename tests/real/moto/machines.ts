import { versions } from '@prebake/versions'
import { join } from 'node:path'
import { simulatedClock } from '@prebake/simulator'
import { createHostSandbox } from '@prebake/simulator/sandbox'
import type { RunLine } from './answer-commands.ts'

type Sandbox = Awaited<ReturnType<typeof createHostSandbox>>

/** What moto's instances are underneath: hosts in sandboxes, whose data volumes become snapshots. */
export interface Machines {
  readonly run: RunLine
  /** IDs of the instances that run. */
  readonly running: () => readonly string[]
  /** Does on the machines what moto has answered that it did. */
  follow(operation: string, form: URLSearchParams, answer: string): Promise<void>
  stop(): Promise<void>
}

/** @param rate how fast the hosts' time passes */
export function createMachines(folder: string, rate: number): Machines {
  const sandboxes = new Map<string, Sandbox>()
  const stopped = new Set<string>()
  /** Instance by volume, as moto describes its instances. */
  const owners = new Map<string, string>()
  const volumeOf = (snapshotId: string) => join(folder, snapshotId)
  const destroy = async (id: string) => {
    await sandboxes.get(id)?.destroy()
    sandboxes.delete(id)
  }

  async function launch(form: URLSearchParams, answer: string): Promise<void> {
    const snapshotId = dataSnapshot(form)
    const settings = { folder, clock: simulatedClock(rate), bottlerocketVersion: versions.bottlerocket }
    for (const id of ids(answer, 'instanceId'))
      sandboxes.set(id, await createHostSandbox({ ...settings, ...(snapshotId && { fromVolume: volumeOf(snapshotId) }) }))
  }

  return {
    async run(id, line) {
      const sandbox = sandboxes.get(id)
      if (sandbox === undefined) return { exitCode: 1, output: '' }
      return sandbox.run(line, { timeoutMs: 60_000 })
    },
    running: () => [...sandboxes.keys()].filter((id) => !stopped.has(id)),
    async follow(operation, form, answer) {
      if (operation === 'RunInstances') await launch(form, answer)
      if (operation === 'StopInstances') for (const id of ids(answer, 'instanceId')) stopped.add(id)
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
        const sandbox = sandboxes.get(owners.get(form.get('VolumeId') ?? '') ?? '')
        if (sandbox === undefined) throw new Error(`Take ${snapshotId}: no machine has the volume ${form.get('VolumeId')}.`)
        await sandbox.copyDataVolume(volumeOf(snapshotId))
      }
    },
    stop: async () => void (await Promise.all([...sandboxes.keys()].map(destroy))),
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
