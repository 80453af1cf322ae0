import { expect, test } from '@jest/globals'
import { fromTagList, tagFilters, toTagList } from '../src/tags.ts'

test('tags survive the way to EC2 and back', () => {
  const tags = { 'prebake.dev/model': 'owner/name', empty: '' }
  expect(fromTagList(toTagList(tags))).toEqual(tags)
  expect(fromTagList(undefined)).toEqual({})
})

test('a filter looks for the value itself, not for a pattern', () => {
  expect(tagFilters({ run: String.raw`a*b?c\d` })).toEqual([{ Name: 'tag:run', Values: [String.raw`a\*b\?c\\d`] }])
})

test('a search without tags is refused', () => {
  expect(() => tagFilters({})).toThrow('at least one tag')
})
