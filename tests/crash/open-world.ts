import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runStep, type PhaseResult, type StartedStep } from '@prebake/action-kit/testing'
import { startSimulator, type FaultPlan, type Simulator } from '@prebake/simulator'
import { paceFor } from './pace.ts'

/** Of this machine, as busy as it is at the start. */
export const { rate: fullRate, lanes } = paceFor()
/** The model's gigabytes are nothing here; its files are. */
const hubScale = 4096
/** What was just created does not show for as long as a user would call slow. */
const describeLagSeconds = 4

export interface World {
  readonly simulator: Simulator
  /** Runs build-snapshot from the bundle, as GitHub's runner does. */
  build(options?: BuildOptions): Promise<StartedStep>
  close(): Promise<void>
}

/** How a world is made. */
export interface WorldOptions {
  readonly faults?: FaultPlan
  /** Simulated seconds per real second. */
  readonly rate?: number
}

export interface BuildOptions {
  readonly inputs?: Readonly<Record<string, string>>
  readonly environment?: Readonly<Record<string, string>>
  readonly onStart?: (pid: number) => void
  readonly onLine?: (line: string) => void
}

/** One account, hub and registry of a case's own. */
export async function openWorld({ faults = () => undefined, rate = fullRate }: WorldOptions = {}): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'prebake-crash-'))
  const machines = join(folder, 'machines')
  mkdirSync(machines)
  const simulator = await startSimulator({ rate, hubScale, describeLagSeconds, folder: machines, faults })
  return {
    simulator,
    build: ({ inputs = {}, environment = {}, ...hooks } = {}) =>
      runStep({
        action: join(import.meta.dirname, '../../actions/build-snapshot'),
        inputs: { ...simulator.demoInputs, ...inputs },
        environment: { ...simulator.environment, ...environment },
        workspace: join(folder, 'workspace'),
        temp: folder,
        ...hooks,
      }),
    async close() {
      await simulator.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Instances that still cost money. */
export const alive = ({ aws }: Simulator) => aws.instances().filter(({ state }) => state !== 'terminated' && state !== 'shutting-down')

/** The builder that was launched last, of those that are alive. */
export const lastBuilder = (simulator: Simulator) => alive(simulator).at(-1)?.instanceId ?? ''

/**
 * A snapshot that is of use: taken of a sealed volume, as its record says, and not given up by EBS. Where no check has passed it yet, the next build of the
 * same content adopts it, which the cases of `shared-builds` show.
 */
const isAdoptable = ({ state, tags }: ReturnType<Simulator['aws']['snapshots']>[number]) =>
  (state === 'pending' || state === 'completed') && tags['prebake:run'] !== undefined && tags['prebake:fingerprint'] !== undefined

/** Longer than any volume takes to go with its instance, also on a machine that has too much to do; what leaks stays for ever. */
const goneSeconds = 600

/**
 * What costs money after a build's end and serves no one, in words: instances, volumes (they go with their instances, which takes EC2 a minute), snapshots
 * that no build will adopt, and every snapshot but one.
 */
export async function leaks(simulator: Simulator): Promise<string[]> {
  const running = alive(simulator).map(({ instanceId, state }) => `${instanceId} is ${state}`)
  const snapshots = simulator.aws
    .snapshots()
    .filter((snapshot) => !isAdoptable(snapshot))
    .map(({ snapshotId, state }) => `${snapshotId} is ${state}, and no build will adopt it`)
  const orphans = () => {
    const owners = new Set(alive(simulator).map(({ instanceId }) => instanceId))
    return simulator.aws.volumes().filter(({ instanceId }) => !owners.has(instanceId))
  }
  await until(simulator, goneSeconds, () => orphans().length === 0)
  const volumes = orphans().map(({ volumeId, attached }) => `${volumeId} is ${attached ? 'in use' : 'left over'}`)
  const more = simulator.aws.snapshots().length > 1 ? ['more than one snapshot'] : []
  return [...running, ...snapshots, ...volumes, ...more]
}

/** Waits until something holds, for at most so many simulated seconds; whether it does. */
export async function until(simulator: Simulator, seconds: number, holds: () => boolean): Promise<boolean> {
  for (let left = seconds; left > 0 && !holds(); left -= 2) await simulator.sleep(2)
  return holds()
}

/** What a cleanup says that it has ended, or kept. */
export function cleaned(post: PhaseResult | undefined): string[] {
  return (post?.lines ?? []).flatMap((line) => /(?:^|::)((?:Terminated|Deleted|Kept) (?:i|snap)-[0-9a-f]+)/.exec(line)?.[1] ?? [])
}

/** The error annotation of a phase, or whatever warning it ended with. */
export function complaint({ lines }: PhaseResult): string {
  const line = lines.find((text) => text.startsWith('::error')) ?? lines.find((text) => text.startsWith('::warning')) ?? ''
  return decodeURIComponent(line.replace(/^::\w+[^:]*::/, '').replace(/%(?![0-9A-F]{2})/g, '%25'))
}

/** The code of the error that a phase failed with; undefined where it failed with none. */
export function errorCode({ lines }: PhaseResult): string | undefined {
  return lines.flatMap((line) => /Error codes?: ([\w-]+)/.exec(line)?.[1] ?? [])[0]
}

/** What a phase that failed says is to be done: the plain lines after its annotation. */
export function remedy({ lines }: PhaseResult): string {
  const start = lines.findIndex((text) => text.startsWith('::error'))
  if (start < 0) return ''
  return lines
    .slice(start + 1)
    .filter((text) => !/^::|Caused by: |Error codes?: /.test(text))
    .join('\n')
}
