import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { startSimulator, type Simulator } from '@prebake/simulator'
import { connectAws } from '../src/index.ts'
import { refusedInputs } from './describe-builders.ts'

const { signal } = new AbortController()
let simulator: Simulator
beforeAll(async () => {
  simulator = await startSimulator()
})
afterAll(() => simulator.stop())

const architecturesOf = async (type: string) =>
  (await connectAws({ region: 'us-west-2', account: simulator.account })).builders.architecturesOf(type, signal)

test.each([
  ['m6i.2xlarge', ['x86_64']],
  ['m7g.2xlarge', ['arm64']],
])('%s has processors of %j', async (type, architectures) => expect(await architecturesOf(type)).toEqual(architectures))

test('a type that the region does not have is named', async () => {
  expect(await refusedInputs(architecturesOf('m99.large'), 'instance-type-unknown')).toEqual(['instance-type'])
})
