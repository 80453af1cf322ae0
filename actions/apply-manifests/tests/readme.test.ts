import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'

const root = join(import.meta.dirname, '../../..')
const sources = globSync(
  '{actions/apply-manifests,packages/{action-kit,aws,kubernetes,manifests,preflight,rollout,snapshot}}/src/**/*.ts',
  {
    cwd: root,
  },
)
  .map((file) => readFileSync(join(root, file), 'utf8'))
  .join('\n')

/** Words of the API server, not of ours. */
const words = ['Forbidden', 'Conflict', 'Unauthorized', 'namespaces "', '" not found', 'ProgressDeadlineExceeded']

const [, table = ''] = readFileSync(join(root, 'actions/apply-manifests/README.md'), 'utf8').split('## When it fails')
const messages = [...table.matchAll(/^\| `+ ?(.+?) ?`+ \|/gm)].map(([, message]) => message ?? '')

test('the table has messages', () => expect(messages.length).toBeGreaterThan(20))

test.each(messages)('the message “%s” exists', (message) => {
  const parts = message.split('…').map((part) => part.trim())
  expect(parts.filter((part) => !words.includes(part) && !sources.includes(part))).toEqual([])
})

test.each(words)('“%s” is in the table', (word) => expect(messages.join('\n')).toContain(word))
