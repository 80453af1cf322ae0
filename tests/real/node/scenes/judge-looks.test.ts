import { expect, test } from '@jest/globals'
import { isSteady, judgeLooks, type Look } from './judge-looks.ts'

const look = (seconds: number, rule: string, certainty: 1 | 2 | 3 = 3, symptom: 'crashing' | 'slow' = 'crashing'): Look => ({
  seconds,
  first: { rule, certainty, symptom },
})
const none: Look = { seconds: 0, first: undefined }

test.each<[what: string, looks: readonly Look[], steady: boolean, problems: number]>([
  ['nothing was found', [none, { ...none, seconds: 60 }], false, 1],
  ['the cause was seen once', [none, look(9, 'full')], false, 1],
  ['the cause stayed', [none, look(9, 'full'), look(15, 'full')], true, 0],
  [
    'it was a guess at first, and another cause was guessed',
    [look(0, 'other', 2), look(8, 'full', 2), look(9, 'full'), look(15, 'full')],
    true,
    0,
  ],
  ['it stayed a guess', [look(0, 'full', 2), look(15, 'full', 2)], false, 1],
  ['what slows the start came first', [look(0, 'filling', 3, 'slow'), look(9, 'full'), look(15, 'full')], true, 0],
  ['another cause was certain before', [look(0, 'other'), look(9, 'full'), look(15, 'full')], true, 1],
  ['it was lost between', [look(0, 'full'), { ...none, seconds: 4 }, look(6, 'full')], false, 1],
  ['a cause of another name was certain before', [look(0, 'snapshot-full'), look(9, 'full'), look(15, 'full')], true, 1],
])('%s', (_, looks, steady, problems) => {
  expect(isSteady(looks, 'full')).toBe(steady)
  expect(judgeLooks(looks, 'full')).toHaveLength(problems)
})

test('a cause is not another one before the snapshot is blamed for it', () => {
  const looks = [look(0, 'full'), look(9, 'snapshot-full'), look(15, 'snapshot-full')]
  expect(judgeLooks(looks, 'snapshot-full')).toEqual([])
})
