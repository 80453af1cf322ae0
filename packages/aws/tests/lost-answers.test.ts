import { expect, test } from '@jest/globals'
import { startSimulator, type Fault } from '@prebake/simulator'
import { connectAws } from '../src/index.ts'
import { launchTestBuilder } from './launch-test-builder.ts'

const { signal } = new AbortController()

/** The request takes effect, and its answer never arrives. */
const lost = (operation: string): Fault => ({ server: 'aws', operation, effect: { kind: 'reset', after: true } })

test('a launch whose answer is lost makes one instance, a snapshot whose answer is lost makes one snapshot', async () => {
  const simulator = await startSimulator({ rate: 600, faults: [lost('RunInstances'), lost('CreateSnapshot')] })
  try {
    const aws = await connectAws({ region: 'us-west-2', account: simulator.account })
    const world = {
      aws,
      rate: Number(simulator.environment['PREBAKE_CLOCK_RATE']),
      kubernetesVersion: '1.34',
      bottlerocketVersion: 'latest',
      instanceProfile: 'prebake-builder',
      close: () => simulator.stop(),
    }
    const { instanceId, spec } = await launchTestBuilder(world)
    expect(simulator.aws.instances().map((instance) => instance.instanceId)).toEqual([instanceId])

    const volumeId = await aws.builders.dataVolume(instanceId, signal)
    await expect(aws.snapshots.create(volumeId, '', spec.tags, signal)).rejects.toThrow(/^CreateSnapshot: .*ECONNRESET/)
    expect(simulator.aws.snapshots()).toHaveLength(1)
    const asked = simulator.requests().map(({ operation }) => operation)
    expect(asked.filter((operation) => operation === 'RunInstances')).toHaveLength(2)
    expect(asked.filter((operation) => operation === 'CreateSnapshot')).toHaveLength(1)
  } finally {
    await simulator.stop()
  }
}, 30_000)
