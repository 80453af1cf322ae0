import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { nearestName } from '../src/index.ts'
import { editDistance } from '../src/nearest-name.ts'

const names = ['model', 'model-revision', 'volume-size', 'hf-token', 'images']

test.each([
  ['modle', 'model'],
  ['MODEL', 'model'],
  ['volumesize', 'volume-size'],
  ['volume_size', 'volume-size'],
  ['hf-tokne', 'hf-token'],
  ['image', 'images'],
  ['revision', undefined],
  ['something-else', undefined],
])('%s suggests %s', (typed, nearest) => {
  expect(nearestName(typed, names)).toBe(nearest)
})

test.each([
  ['', '', 0],
  ['abc', '', 3],
  ['kitten', 'sitting', 3],
  ['flaw', 'lawn', 2],
])('the distance from %s to %s is %d', (from, to, distance) => {
  expect(editDistance(from, to)).toBe(distance)
})

const word = fc.string({ unit: fc.constantFrom(...'abc-'.split('')), maxLength: 7 })

test('the distance is a metric', () => {
  fc.assert(
    fc.property(word, word, word, (a, b, c) => {
      expect(editDistance(a, b)).toBe(editDistance(b, a))
      expect(editDistance(a, b) === 0).toBe(a === b)
      expect(editDistance(a, c)).toBeLessThanOrEqual(editDistance(a, b) + editDistance(b, c))
    }),
  )
})

test('a name with one letter changed, lost or doubled is found again', () => {
  const far = ['kubernetes-version', 'architecture', 'subnet-id', 'timeout']
  fc.assert(
    fc.property(fc.constantFrom(...far), fc.nat(), fc.constantFrom('', 'x', 'twice'), (name, position, change) => {
      const at = position % name.length
      const letter = change === 'twice' ? name[at]! + name[at]! : change
      expect(nearestName(name.slice(0, at) + letter + name.slice(at + 1), far)).toBe(name)
    }),
  )
})
