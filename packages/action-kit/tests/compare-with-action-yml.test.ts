import { expect, test } from '@jest/globals'
import { compareWithActionYml } from '@prebake/action-kit/testing'
import { boolean, defineInputs, integer, list, secret, text } from '../src/index.ts'

const schema = defineInputs({
  model: text({ required: true }),
  'volume-size': integer({ default: 150 }),
  rebuild: boolean(),
  images: list(),
  'github-token': secret({ default: '${{ github.token }}' }),
})

const agreeing = `
name: Build
description: Builds.
inputs:
  model: { description: The model., required: true }
  volume-size: { description: Its size., default: '150' }
  rebuild: { description: Again., default: 'false' }
  images: { description: Images. }
  github-token: { description: Token., default: '\${{ github.token }}' }
outputs:
  snapshot-id: { description: The ID. }
`

test('nothing differs where they agree', () => {
  expect(compareWithActionYml(schema, ['snapshot-id'], agreeing)).toEqual([])
})

test.each([
  ['required: true', 'required: false', 'input model: required is false in action.yml, true in the code.'],
  ["default: '150'", "default: '0150'", 'input volume-size: default is "0150" in action.yml, "150" in the code.'],
  [", default: 'false'", '', 'input rebuild: default is "" in action.yml, "false" in the code.'],
  ['images: { description: Images. }', 'images: { description: }', 'input images: no description.'],
  ['images: { description: Images. }', 'images:', 'input images: no description.'],
  ['images: { description: Images. }', '', 'input images: not in action.yml.'],
  ['images: {', 'more: { description: m }\n  images: {', 'input more: in action.yml, not in the code.'],
  ['snapshot-id: {', 'other: { description: o }\n  snapshot-id: {', 'output other: in action.yml, not in the code.'],
  ['description: The ID.', "description: ''", 'output snapshot-id: no description.'],
  ['description: Builds.', '', 'The action has no description.'],
])('%j in place of %j is reported', (from, to, difference) => {
  expect(agreeing).toContain(from)
  expect(compareWithActionYml(schema, ['snapshot-id'], agreeing.replace(from, to))).toEqual([difference])
})

test('an output that action.yml lacks and a default that its own field refuses are reported', () => {
  const odd = defineInputs({ size: integer({ min: 20, default: 10 }) })
  const yml = "description: d\ninputs:\n  size: { description: s, default: '10' }\n"
  expect(compareWithActionYml(odd, ['id'], yml)).toEqual(['input size: its own default "10" is refused.', 'output id: not in action.yml.'])
})
