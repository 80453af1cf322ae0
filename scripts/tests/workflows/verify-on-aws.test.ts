import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { compositeActions, openScripts } from './run-script.ts'

let scripts: ReturnType<typeof openScripts>
beforeEach(() => {
  scripts = openScripts()
  scripts.replace('aws', denied)
  scripts.replace('curl', 'exit 6')
})
afterEach(() => scripts.remove())

const denied = 'echo "An error occurred (UnauthorizedOperation)" >&2; exit 254'

const document = join(compositeActions, '../../docs/assumptions.md')
const assumptions = (bake: string) =>
  scripts.run('check-assumptions/check-assumptions.sh', {
    DOCUMENT: document,
    BAKE: bake,
    REGION: 'us-west-2',
    SNAPSHOT: 'snap-0123456789abcdef0',
  })
const verdicts = (summary: string, verdict: string) => summary.match(new RegExp(`^\\| .* \\| ${verdict}: .*\\|$`, 'gm')) ?? []

const rows =
  readFileSync(document, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| ')).length - 1
const ofBake = readFileSync(join(compositeActions, 'check-assumptions/held-by-a-bake.txt'), 'utf8').trim().split('\n').length
const asked = 4

/** EC2 and the hub as they are believed to be. */
function answerAsBelieved(volumeType = 'gp2') {
  scripts.replace(
    'aws',
    `case "$2" in
      describe-images) printf '${volumeType}\\t${volumeType}\\n' ;;
      describe-launch-template-versions) echo 2 ;;
      describe-snapshots) echo 1073741824 ;;
    esac`,
  )
  scripts.replace('curl', `case "$*" in *--head*) printf 403 ;; *--range*) printf 206 ;; *) printf https://hub.example.com/signed ;; esac`)
}

test('every row of the assumptions gets a verdict; a bake shows some, and calls answer others', () => {
  answerAsBelieved()
  const { status, summary } = assumptions('success')
  expect({ status, summary }).toMatchObject({ status: 0 })
  expect(verdicts(summary, 'holds')).toHaveLength(ofBake + asked)
  expect(verdicts(summary, 'not checked')).toHaveLength(rows - ofBake - asked)
  expect(summary).toContain('HEAD is answered with 403, a GET of one byte with 206')
})

test('a bake that failed and calls that are denied show nothing, and say so', () => {
  const { status, summary } = assumptions('failure')
  expect(status).toBe(0)
  expect(verdicts(summary, 'holds')).toEqual([])
  expect(verdicts(summary, 'unknown')).toHaveLength(ofBake + asked)
  expect(summary).toContain('UnauthorizedOperation')
})

test('a row that does not hold fails the step', () => {
  answerAsBelieved('gp3')
  const { status, stdout, summary } = assumptions('success')
  expect(status).toBe(1)
  expect(stdout).toContain('::error title=An assumption does not hold::')
  expect(verdicts(summary, 'does not hold')).toEqual([expect.stringContaining('is gp3')])
})

const remove = (snapshot = 'snap-0123456789abcdef0') =>
  scripts.run('remove-bake/remove-bake.sh', { SNAPSHOT: snapshot, PURPOSE: 'verify-on-aws', AWS_REGION: 'us-west-2' })

test('where nothing is left, it says so', () => {
  scripts.replace('aws', 'exit 0')
  expect(remove()).toMatchObject({ status: 0, stdout: expect.stringContaining('Nothing with the tag purpose=verify-on-aws is left') })
})

test('what is left fails the step by its ID', () => {
  scripts.replace('aws', '[[ $2 != describe-volumes ]] || echo vol-0123456789abcdef0')
  expect(remove('')).toMatchObject({ status: 1, stdout: expect.stringContaining('vol-0123456789abcdef0') })
})

test.each(['describe-instances', 'describe-volumes', 'describe-snapshots', 'delete-snapshot'])(
  'where %s is denied, nothing is gone',
  (call) => {
    scripts.replace('aws', `[[ $2 != ${call} ]] || { ${denied}; }`)
    expect(remove().status).not.toBe(0)
  },
)
