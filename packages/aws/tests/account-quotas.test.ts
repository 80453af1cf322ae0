import { afterEach, expect, test } from '@jest/globals'
import { startSimulator, type Fault, type Simulator } from '@prebake/simulator'
import { connectAws } from '../src/index.ts'

const { signal } = new AbortController()
let simulator: Simulator
afterEach(() => simulator.stop())

async function open(faults: readonly Fault[] = []) {
  simulator = await startSimulator({ faults })
  return (await connectAws({ region: '', env: simulator.environment, account: simulator.account })).quotas
}
const refusing = (status: number, code: string, message: string): Fault => ({
  server: 'aws',
  operation: 'GetServiceQuota',
  effect: { kind: 'error', status, code, message },
})

test('each quota is asked for by its own code', async () => {
  const quotas = await open()
  expect(await quotas.vcpus('on-demand G', signal)).toBe(192)
  for (const quota of ['on-demand P', 'spot G', 'spot P'] as const) expect(await quotas.vcpus(quota, signal)).toBe(0)
  expect(simulator.requests().map(({ operation, parameters }) => [operation, parameters])).toEqual(
    ['L-DB2E81BA', 'L-417A185B', 'L-3819A6DF', 'L-7212CCBC'].map((QuotaCode) => ['GetServiceQuota', { ServiceCode: 'ec2', QuotaCode }]),
  )
})

test('a partition without the quota has none', async () => {
  const quotas = await open([refusing(400, 'NoSuchResourceException', 'The request failed because the specified resource does not exist.')])
  expect(await quotas.vcpus('spot P', signal)).toBeUndefined()
})

test('a role that may not look: the action is named', async () => {
  const quotas = await open([refusing(400, 'AccessDeniedException', 'User is not authorized to perform: servicequotas:GetServiceQuota')])
  await expect(quotas.vcpus('on-demand G', signal)).rejects.toMatchObject({
    name: 'ServiceError',
    code: 'AccessDeniedException',
    hint: expect.stringContaining('servicequotas:GetServiceQuota'),
  })
})
