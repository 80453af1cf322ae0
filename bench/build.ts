import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runStep } from '@prebake/action-kit/testing'
import { startSimulator, timings } from '@prebake/simulator'
import { median } from './median.ts'

/** Slow, so that what real shells and Node need counts little against simulated minutes. */
const rate = 4
const rounds = 3
/** As the simulated hub and registry have them, in 10^9 bytes. */
const size = { model: 4.153, image: 9.303 }

/**
 * What a build cannot do without, in simulated seconds: two boots, the longer one of pull and download, the stop and the snapshot. Each of the
 * simulator's delays is drawn from ±10 % around these.
 */
function longestChain(): number {
  const { instancePending, agentOnline, adminReady, imageGigabyte, hubGigabyteOnAllConnections, instanceStop, snapshot } = timings
  const boot = instancePending.seconds + agentOnline.seconds + adminReady.seconds
  const bake = Math.max(size.image * imageGigabyte.seconds, size.model * hubGigabyteOnAllConnections.seconds)
  return boot + bake + instanceStop.seconds + snapshot.seconds + boot
}

/** A whole build in the simulator: its wall time over the longest chain of what it waits for, at most 1.10. */
export async function build(): Promise<readonly string[]> {
  const chain = longestChain()
  const walls: number[] = []
  for (let round = 1; round <= rounds; round++) walls.push(await buildOnce(round))
  const wall = median(walls)
  return [
    `build: ${wall.toFixed(0)} simulated seconds (${walls.map((seconds) => seconds.toFixed(0)).join(', ')}), longest chain ${chain.toFixed(0)} s, ratio ${(wall / chain).toFixed(2)} (at most 1.10; ${rate} simulated seconds per second)`,
  ]
}

async function buildOnce(seed: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'prebake-bench-'))
  const simulator = await startSimulator({ rate, seed })
  try {
    const { main } = await runStep({
      action: join(import.meta.dirname, '../actions/build-snapshot'),
      inputs: simulator.demoInputs,
      environment: simulator.environment,
      workspace: join(folder, 'workspace'),
      temp: folder,
    })
    if (main.exitCode !== 0) throw new Error(`bench build: it failed: ${main.lines.slice(-3).join('\n')}`)
    return main.seconds * rate
  } finally {
    await simulator.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}
