import { timings } from '../timings.ts'
import { powerOff } from './bring-up.ts'
import { jittered, type Cloud } from './cloud.ts'
import { shutDown } from './end-instance.ts'
import { end } from './ssm/run-command.ts'
import type { CommandStatus, SnapshotFlaw } from './store.ts'

/** What happens to a builder, or to what it has to do with, without a request of ours. */
export type Disturbance =
  /** Its operating system shuts down. */
  | { readonly kind: 'power-off'; readonly instanceId: string }
  /** EC2 ends it before it runs, or its host fails: the reason's code, and EC2's words. */
  | { readonly kind: 'instance-failed'; readonly instanceId: string; readonly code: string; readonly message: string }
  /** The SSM agent says no more, or never comes online. */
  | { readonly kind: 'agent-lost'; readonly instanceId: string }
  /** The admin container restarts: processes, scripts and keys in its memory are gone. */
  | { readonly kind: 'admin-restart'; readonly instanceId: string }
  /** SSM puts the instance's last command into a last state. */
  | { readonly kind: 'command-ended'; readonly instanceId: string; readonly status: CommandStatus; readonly details: string }
  /** EBS gives a snapshot up. */
  | { readonly kind: 'snapshot-error'; readonly snapshotId: string; readonly message: string }
  /** The content of a snapshot is not what its tags say, or is again. */
  | { readonly kind: 'snapshot-spoiled'; readonly snapshotId: string; readonly flaw: SnapshotFlaw | undefined }
  /** The session that the caller's credentials belong to ends. */
  | { readonly kind: 'credentials-expired' }
  /** No policy of the caller allows this IAM action any more: `ec2:CreateTags`. */
  | { readonly kind: 'permission-lost'; readonly action: string }

/** @throws Error when there is nothing that could be disturbed so: a test that disturbs nothing must not pass. */
export async function disturb(cloud: Cloud, disturbance: Disturbance): Promise<void> {
  if (disturbance.kind === 'snapshot-error') {
    found(cloud.store.snapshots.get(disturbance.snapshotId), disturbance.kind).failure = disturbance.message
    return
  }
  if (disturbance.kind === 'snapshot-spoiled') {
    const { spoiled: _spoiled, ...snapshot } = found(cloud.store.snapshots.get(disturbance.snapshotId), disturbance.kind)
    cloud.store.snapshots.set(snapshot.snapshotId, { ...snapshot, ...(disturbance.flaw && { spoiled: disturbance.flaw }) })
    return
  }
  if (disturbance.kind === 'credentials-expired') {
    cloud.access.credentialsExpired = true
    return
  }
  if (disturbance.kind === 'permission-lost') {
    cloud.access.denied.add(disturbance.action)
    return
  }
  const instance = found(cloud.store.instances.get(disturbance.instanceId), disturbance.kind)
  const machine = found(cloud.machines.get(disturbance.instanceId), disturbance.kind)
  switch (disturbance.kind) {
    case 'power-off':
      return powerOff(cloud, instance)
    case 'agent-lost':
      machine.agentLost = true
      machine.agentOnline = false
      return
    case 'instance-failed':
      machine.agentOnline = machine.adminReady = false
      instance.stateReason = { code: disturbance.code, message: `${disturbance.code}: ${disturbance.message}` }
      return shutDown(cloud, instance)
    case 'command-ended': {
      const commands = [...cloud.store.commands.values()].filter(({ instanceId }) => instanceId === disturbance.instanceId)
      return end(cloud, found(commands.at(-1), disturbance.kind), disturbance.status, disturbance.details, -1)
    }
    case 'admin-restart': {
      const host = found(await machine.sandbox, disturbance.kind)
      machine.adminReady = false
      await host.restartAdmin?.()
      await cloud.clock.sleep(jittered(cloud, timings.adminReady))
      machine.adminReady = instance.state === 'running'
    }
  }
}

function found<T>(value: T | undefined, kind: string): T {
  if (value === undefined) throw new Error(`Disturb a simulated builder (${kind}): there is none such.`)
  return value
}
