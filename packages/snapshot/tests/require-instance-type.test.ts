import { expect, test } from '@jest/globals'
import { ServiceError } from '@prebake/kernel'
import { requireInstanceType } from '../src/require-instance-type.ts'
import { signal } from './memory-account.ts'

const said: string[] = []
const reporter = { info: (line: string) => void said.push(line) }
const request = { instanceType: 'm7g.2xlarge', architecture: 'x86_64' } as const
const check = (architecturesOf: () => Promise<readonly string[]>) =>
  requireInstanceType(request, { builders: { architecturesOf }, reporter }, signal)

test('a type whose processors have another architecture is refused before anything is created', async () => {
  await expect(check(async () => ['arm64'])).rejects.toMatchObject({ errorCode: 'instance-type-mismatch' })
  await expect(check(async () => ['i386', 'x86_64'])).resolves.toBeUndefined()
  expect(said).toEqual([])
})

test('without the permission to look it up, the check is left out, and the log says so', async () => {
  const denied = new ServiceError({ operation: 'DescribeInstanceTypes', code: 'UnauthorizedOperation', message: 'no', status: 403 })
  await check(() => Promise.reject(denied))
  expect(said).toEqual([expect.stringContaining('was not checked')])
})
