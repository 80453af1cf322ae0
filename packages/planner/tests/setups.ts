import { listPrices } from '@prebake/prices'
import { cpuFactorOf, type Setting, type StartupSetup } from '../src/index.ts'

/** The default model, AWQ, on g6.2xlarge. */
export const setup: StartupSetup = {
  modelGB: 4.2,
  parametersBillions: 7,
  imageGB: 9.35,
  volumeGiB: 150,
  instanceType: 'g6.2xlarge',
  ebsMBps: 625,
  cpuFactor: cpuFactorOf('g6.2xlarge'),
  newNodes: true,
  compileCache: true,
  probePeriodSeconds: 2,
  probeInitialDelaySeconds: 0,
  replicas: 1,
  zones: 3,
  startsPerDay: 10,
  nodeHours: 4,
}

/** As shipped. */
export const shipped: Setting = {
  bake: 'both',
  pull: 'soci',
  hydration: { kind: 'rate', mibps: 300 },
  iops: 3000,
  throughputMiBps: 600,
  loader: 'mmap',
}

/** As the guide has it. */
export const seed: Setting = { ...shipped, hydration: { kind: 'lazy' }, throughputMiBps: 125 }

export const prices = listPrices
