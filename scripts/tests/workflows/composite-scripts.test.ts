import { symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { openScripts } from './run-script.ts'

let scripts: ReturnType<typeof openScripts>
beforeEach(() => {
  scripts = openScripts()
})
afterEach(() => scripts.remove())

const check = (settings: string) => scripts.run('check-settings/check-settings.sh', { SETTINGS: settings, ENVIRONMENT: 'prebake' })

test('what is set is enough', () => {
  expect(check('variable AWS_REGION us-west-2\n\nsecret KEY set\n').status).toBe(0)
})

test('everything that is missing is named at once, with the line that sets it', () => {
  const { status, stdout, summary } = check('variable PREBAKE_BUILD_ROLE \nvariable AWS_REGION us-west-2\nsecret PREBAKE_APP_PRIVATE_KEY\n')
  expect(status).toBe(1)
  expect(stdout.match(/^::error /gm)).toHaveLength(2)
  const lines = [
    "gh variable set PREBAKE_BUILD_ROLE --env prebake --repo octo-org/vllm-on-eks --body 'arn:aws:iam::123456789012:role/prebake-build'",
    'gh secret set PREBAKE_APP_PRIVATE_KEY --env prebake --repo octo-org/vllm-on-eks < file-with-the-value',
  ]
  for (const line of lines) {
    expect(stdout).toContain(line)
    expect(summary).toContain(line)
  }
  expect(stdout).not.toContain('AWS_REGION')
})

test('a role that is no ARN is refused', () => {
  expect(check('variable PREBAKE_DEPLOY_ROLE prebake-deploy\n').status).toBe(1)
  expect(check('variable PREBAKE_DEPLOY_ROLE arn:aws-us-gov:iam::123456789012:role/path/prebake\n').status).toBe(0)
  // Karpenter's nodes are given a role by its name.
  expect(check('variable PREBAKE_NODE_ROLE KarpenterNodeRole-demo\n').status).toBe(0)
})

const [ours, theirs] = ['snap-0a1b2c3d4e5f60001', 'snap-0a1b2c3d4e5f60002']
const find = (given: Readonly<Record<string, string>>) =>
  scripts.run('find-snapshot/find-snapshot.sh', { GIVEN: '', FILE: 'snapshot.env', VARIABLE: '', ...given })

test('a given snapshot goes before the file, and the file before the variable', () => {
  expect(find({ VARIABLE: theirs }).output).toBe(`snapshot-id=${theirs}\npointer=variable\n`)
  writeFileSync(join(scripts.folder, 'snapshot.env'), `# a comment\nREGION=us-west-2\nSNAPSHOT_ID=${ours}\r\n`)
  expect(find({ VARIABLE: theirs }).output).toBe(`snapshot-id=${ours}\npointer=file\n`)
  expect(find({ VARIABLE: theirs, GIVEN: 'latest' }).output).toBe('snapshot-id=latest\npointer=input\n')
})

test('a file without a snapshot leaves it to the variable', () => {
  writeFileSync(join(scripts.folder, 'snapshot.env'), 'SNAPSHOT_ID=\n')
  expect(find({ VARIABLE: theirs }).output).toBe(`snapshot-id=${theirs}\npointer=variable\n`)
})

test.each([
  ['nothing', {}],
  ['another word', { VARIABLE: 'vol-0a1b2c3d4e5f60001' }],
  ['a second line', { GIVEN: `${ours}\nevil=1` }],
])('%s is refused', (_, given) => {
  const { status, output, stdout } = find(given)
  expect(status).toBe(1)
  expect(output).toBe('')
  expect(stdout).toMatch(/^::error /)
})

test('a link is not followed', () => {
  writeFileSync(join(scripts.folder, 'secret'), `SNAPSHOT_ID=${ours}\n`)
  symlinkSync('secret', join(scripts.folder, 'snapshot.env'))
  expect(find({}).status).toBe(1)
})
