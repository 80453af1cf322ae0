import { expect, test } from '@jest/globals'
import { credentialsEnd, judgeCredentials } from '../src/judge-credentials.ts'

const now = new Date('2026-11-24T20:00:00Z')
const session = { AWS_SESSION_TOKEN: 't' }
const inMinutes = (minutes: number) => new Date(now.getTime() + minutes * 60_000)
const judge = (end: Date | undefined, timeoutMinutes = 60, env: Record<string, string> = session) =>
  judgeCredentials(end, now, timeoutMinutes * 60_000, env)

test.each<[string, Date | undefined, Record<string, string>, Date | undefined]>([
  ['the SDK knows it', inMinutes(5), {}, inMinutes(5)],
  ['the environment has it as the CLI writes it', undefined, { AWS_CREDENTIAL_EXPIRATION: '2026-11-24T20:05:00+00:00' }, inMinutes(5)],
  [
    'it is the output of configure-aws-credentials, in quotes',
    new Date(NaN),
    { AWS_CREDENTIAL_EXPIRATION: '"2026-11-24T20:05:00.000Z"' },
    inMinutes(5),
  ],
  ['the output was empty', undefined, { AWS_CREDENTIAL_EXPIRATION: '' }, undefined],
  ['unknown', undefined, {}, undefined],
])('the end of the credentials, when %s', (_title, fromSource, env, end) => {
  expect(credentialsEnd(fromSource, env)).toEqual(end)
})

test('credentials that last are reported, to the minute', () => {
  expect(judge(inMinutes(90))).toEqual({ level: 'info', text: 'The AWS credentials last for another 90 min.' })
})

test('credentials that end too early are a warning with the setting that fixes it', () => {
  expect(judge(inMinutes(89.9))).toMatchObject({ level: 'warning', text: expect.stringContaining('`role-duration-seconds: 5400`') })
  expect(judge(inMinutes(60), 90)).toMatchObject({
    level: 'warning',
    text: expect.stringMatching(/expire in 60 min .*`role-duration-seconds: 7200`/),
  })
  expect(judge(inMinutes(-3))).toMatchObject({ level: 'warning', text: expect.stringContaining('expire in 0 min') })
})

test('no role session is longer than twelve hours', () => {
  expect(judge(inMinutes(60), 12 * 60)?.text).toContain('lower `timeout`')
})

test('an unknown end is said, not guessed; keys without a session have none', () => {
  expect(judge(undefined)).toMatchObject({
    level: 'info',
    text: expect.stringMatching(/their expiry is unknown.*`role-duration-seconds: 5400`/),
  })
  expect(judge(undefined, 60, {})).toBeUndefined()
})
