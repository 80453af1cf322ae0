import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSimulation, type SimulationOptions } from '../core/create-simulation.ts'
import type { Journal } from '../core/journal.ts'
import { serve, type RunningServer } from '../core/serve.ts'
import type { SimulatedClock } from '../core/world.ts'
import { createHostSandbox } from '../sandbox/host-sandbox.ts'
import { createAws, type AwsOptions, type SimulatedAws } from './create-aws.ts'

export { accountId, instanceProfile, region, securityGroup, subnets, vpc } from './account.ts'

export interface RunningAws extends RunningServer, Omit<SimulatedAws, 'service' | 'stop'> {
  readonly journal: Journal
  readonly clock: SimulatedClock
}

/** Starts EC2, SSM and STS on their own, for a test of a client. `rate`: simulated seconds per real second (default 600). */
export async function startAws(options: Partial<AwsOptions> & Partial<SimulationOptions> = {}): Promise<RunningAws> {
  const simulation = createSimulation({ rate: 600, ...options })
  const { clock, journal } = simulation
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'prebake-aws-')))
  const aws = createAws(simulation, { createSandbox: createHostSandbox, ...options, folder })
  const server = await serve(aws.service, simulation)
  return {
    instances: () => aws.instances(),
    snapshots: () => aws.snapshots(),
    volumes: () => aws.volumes(),
    disturb: (disturbance) => aws.disturb(disturbance),
    url: server.url,
    journal,
    clock,
    async close() {
      await server.close()
      await aws.stop()
      if (options.folder === undefined) await rm(folder, { recursive: true, force: true })
    },
  }
}
