import { afterAll, beforeAll, describe } from '@jest/globals'
import { setTimeout as sleep } from 'node:timers/promises'
import { connectCluster } from '../../../packages/kubernetes/src/index.ts'
import { describeKubelet } from '../../../packages/kubernetes/tests/kubelet/describe-kubelet.ts'
import { testGuide } from './scenes/guide.ts'
import { testKubelet } from './scenes/kubelet.ts'
import { testControl, testMission } from './scenes/mission.ts'
import { testFaults } from './scenes/test-faults.ts'
import { testVolumes } from './scenes/volumes.ts'
import { openStage, serving, type Stage } from './world/stage.ts'

/** The whole mission on real parts, and what becomes of a pod that serves from a baked volume when users and machines do what they do. */
const minutes = 60_000
let stage: Stage
const on = () => stage
const world = () => stage.world

beforeAll(async () => {
  stage = await openStage()
}, 15 * minutes)

afterAll(() => stage?.world[Symbol.asyncDispose](), 2 * minutes)

describe('the mission', () => {
  testMission(on)
})

describe('a pod that serves', () => {
  beforeAll(() => serving(stage), 20 * minutes)

  describeKubelet('real', async () => ({
    connection: await connectCluster({ kubeconfig: stage.world.plane.kubeconfig }),
    sleep: (seconds) => sleep(seconds * 1000),
  }))

  testVolumes(on)
  testGuide(world)
  testKubelet(world)

  describe('a fault made for real is explained', () => {
    testFaults(on)
  })
})

describe('the mission’s control', () => {
  testControl(on)
})
