import { expect, test } from '@jest/globals'
import { parseForm } from '../../src/aws/ec2/query-parameters.ts'
import { filterBy, pageOf } from '../../src/aws/ec2/select.ts'

test('a form is unfolded, lists in the order of their numbers', () => {
  const form = 'Id.10=j&Id.2=b&Id.1=a%26a&Tag.1.Key=x.y&Tag.1.Value=&Ebs.Size=3&Flat=1'
  expect(parseForm(form)).toEqual({ Id: ['a&a', 'b', 'j'], Tag: [{ Key: 'x.y', Value: '' }], Ebs: { Size: '3' }, Flat: '1' })
})

const animals = [
  { name: 'cat', tags: { legs: '4' } },
  { name: 'cow', tags: { legs: '4', milk: 'yes' } },
  { name: 'hen', tags: { legs: '2' } },
]
const select = (form: string) =>
  filterBy(
    parseForm(form),
    animals,
    (animal) => ({ name: [animal.name] }),
    (animal) => animal.tags,
  ).map(({ name }) => name)

test.each([
  ['', ['cat', 'cow', 'hen']],
  ['Filter.1.Name=name&Filter.1.Value.1=cat&Filter.1.Value.2=hen', ['cat', 'hen']],
  ['Filter.1.Name=name&Filter.1.Value.1=c*', ['cat', 'cow']],
  ['Filter.1.Name=name&Filter.1.Value.1=?e?', ['hen']],
  ['Filter.1.Name=name&Filter.1.Value.1=c.t', []],
  ['Filter.1.Name=tag:legs&Filter.1.Value.1=4&Filter.2.Name=tag-key&Filter.2.Value.1=milk', ['cow']],
  ['Filter.1.Name=tag:wings&Filter.1.Value.1=*', []],
])('filters %s', (form, names) => {
  expect(select(form)).toEqual(names)
})

test('an unknown filter is refused', () => {
  expect(() => select('Filter.1.Name=colour&Filter.1.Value.1=red')).toThrow("The filter 'colour' is invalid")
})

test('pages follow each other by token', () => {
  const first = pageOf(parseForm('MaxResults=2'), animals)
  expect(first.items).toHaveLength(2)
  expect(pageOf(parseForm(`MaxResults=2&NextToken=${first.nextToken}`), animals)).toEqual({ items: [animals[2]], nextToken: undefined })
  expect(() => pageOf(parseForm('NextToken=nonsense'), animals)).toThrow('Unable to parse pagination token')
})
