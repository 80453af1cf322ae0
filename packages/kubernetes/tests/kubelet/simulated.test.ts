import { afterAll } from '@jest/globals'
import { withFaultScene, type FaultScene } from '../../../diagnose/tests/fault-scene.ts'
import { describeKubelet } from './describe-kubelet.ts'

/** So slow that a state of ten seconds is seen. */
const rate = 80
const { promise: done, resolve: end } = Promise.withResolvers<void>()
let running: Promise<void> | undefined

describeKubelet('simulated', async () => {
  const scene = await new Promise<FaultScene>((resolve, reject) => {
    running = withFaultScene(async (started) => {
      await started.apply()
      resolve(started)
      await done
    }, rate)
    running.catch(reject)
  })
  return { connection: scene.connection, sleep: (seconds) => scene.simulator.sleep(seconds) }
})

afterAll(async () => {
  end()
  await running
})
