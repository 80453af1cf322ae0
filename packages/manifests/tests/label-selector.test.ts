import { expect, test } from '@jest/globals'
import { formatLabelSelector } from '../src/index.ts'

test.each([
  [{ matchLabels: { app: 'vllm', tier: 'web' } }, 'app=vllm,tier=web'],
  [{ matchExpressions: [{ key: 'a', operator: 'In', values: ['x', 'y'] }] }, 'a in (x,y)'],
  [{ matchLabels: { app: 'v' }, matchExpressions: [{ key: 'a', operator: 'NotIn', values: ['x'] }] }, 'app=v,a notin (x)'],
  [
    {
      matchExpressions: [
        { key: 'a', operator: 'Exists' },
        { key: 'b', operator: 'DoesNotExist' },
      ],
    },
    'a,!b',
  ],
  [{}, ''],
])('the selector %j is %s', (selector, expected) => expect(formatLabelSelector(selector)).toBe(expected))
