import { isDeepStrictEqual } from 'node:util'
import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { boolean, choice, duration, integer, keyValues, list, parseDuration, secret, text, type Field } from '../src/index.ts'

const snapshotId = { pattern: /^snap-[0-9a-f]{8,17}$/, words: 'a snapshot ID such as `snap-0123456789abcdef0`' }

const pairs = keyValues({ key: { pattern: /^[A-Za-z][\w:]*$/, words: 'a name' } })
const strictPairs = keyValues({ key: { pattern: /^[A-Za-z]\w*$/, words: 'a name' }, strict: true })

const accepted: [string, Field<unknown>, string, unknown][] = [
  ['text', text(), 'a b', 'a b'],
  ['text of a form', text({ form: snapshotId }), 'snap-0123abcd', 'snap-0123abcd'],
  ['secret', secret(), 'hf_abc', 'hf_abc'],
  ['integer', integer({ min: 20, max: 16384 }), '150', 150],
  ['integer at its least', integer({ min: 20, max: 16384 }), '20', 20],
  ['integer at its most', integer({ min: 20, max: 16384 }), '16384', 16384],
  ['negative integer', integer({ min: -5 }), '-5', -5],
  ['duration in seconds', duration(), '90s', 90_000],
  ['duration in minutes', duration(), '45m', 2_700_000],
  ['duration in hours', duration(), '2h', 7_200_000],
  ['duration of two units', duration(), '1h30m', 5_400_000],
  ['duration with a gap', duration(), '1h30s', 3_630_000],
  ['duration of seven days', duration(), '168h', 604_800_000],
  ['choice', choice(['quick', 'full', 'none']), 'full', 'full'],
  ...['true', 'True', 'TRUE'].map((yes): [string, Field<unknown>, string, unknown] => [`boolean ${yes}`, boolean(), yes, true]),
  ...['false', 'False', 'FALSE'].map((no): [string, Field<unknown>, string, unknown] => [`boolean ${no}`, boolean(), no, false]),
  ['list', list(), '# images\n  a:1  \r\n\n b:2 # kept\n#c:3', ['a:1', 'b:2 # kept']],
  ['list of comments', list(), '# none', []],
  ['key and value', pairs, 'team = ml\r\n\n# no\nquery=a=b', { team: 'ml', query: 'a=b' }],
  ['key with a colon', pairs, 'prebake:model=a', { 'prebake:model': 'a' }],
  ['value that is empty or in quotes', pairs, 'a=\nb="x"', { a: '', b: '"x"' }],
  ['strict value with quotes inside', strictPairs, 'a=x "y" z\nb="x" "y" z', { a: 'x "y" z', b: '"x" "y" z' }],
  ['no pairs', pairs, '# none', {}],
]

test.each(accepted)('%s is read', (_title, field, given, value) => {
  expect(field.parse(given)).toEqual({ value })
})

const refused: [string, Field<unknown>, string, string][] = [
  [
    'text of another form',
    text({ form: snapshotId }),
    'vol-1',
    '`vol-1` is not a snapshot ID such as `snap-0123456789abcdef0`. Give a value of that form.',
  ],
  [
    'word for a number',
    integer({ min: 20, max: 100, unit: 'GiB' }),
    'big',
    '`big` is not a whole number. Give a whole number of GiB, 20 to 100.',
  ],
  ['fraction', integer(), '1.5', '`1.5` is not a whole number. Give a whole number, at least 0.'],
  ['number in another notation', integer(), '0x10', '`0x10` is not a whole number. Give a whole number, at least 0.'],
  ['too small a number', integer({ min: 20 }), '19', '19 is out of range. Give a whole number, at least 20.'],
  ['too large a number', integer({ max: 5 }), '6', '6 is out of range. Give a whole number, 0 to 5.'],
  ['number beyond precision', integer(), '9007199254740993', '9007199254740993 is out of range. Give a whole number, at least 0.'],
  ['time without a unit', duration(), '90', '`90` is not a duration. Give a duration such as `90s`, `45m`, `2h` or `1h30m`.'],
  ['no time', duration(), '0m', '`0m` must be greater than zero. Give a duration such as `90s`, `45m`, `2h` or `1h30m`.'],
  ['time beyond a timer', duration(), '169h', '`169h` is longer than seven days. Give a duration such as `90s`, `45m`, `2h` or `1h30m`.'],
  [
    'misspelt choice',
    choice(['quick', 'full']),
    'quik',
    '`quik` is not one of the allowed values. Did you mean `quick`? The allowed values are `quick`, `full`.',
  ],
  [
    'other choice',
    choice(['quick', 'full']),
    'something',
    '`something` is not one of the allowed values. The allowed values are `quick`, `full`.',
  ],
  ['boolean of YAML 1.1', boolean(), 'yes', '`yes` is not a boolean. Give `true` or `false`.'],
  ['boolean in mixed case', boolean(), 'tRUE', '`tRUE` is not a boolean. Give `true` or `false`.'],
  [
    'pair with a colon',
    pairs,
    'HF_TOKEN: hf_x',
    'the line that starts with `HF_TOKEN` is not `key=value`. Write one `key=value` per line.',
  ],
  ['pair with a space', pairs, 'HF_TOKEN hf_x', 'the line that starts with `HF_TOKEN` is not `key=value`. Write one `key=value` per line.'],
  [
    'pair with a colon before its equals sign',
    strictPairs,
    'HF_TOKEN: hf_x==',
    'the line that starts with `HF_TOKEN` has a key that is not a name. Write one `key=value` per line.',
  ],
  ['value without a key', pairs, '=hf_x', 'the line that starts with `` has a key that is not a name. Write one `key=value` per line.'],
  ['second value', pairs, 'A=1\nA=2', 'A is given twice. Remove one of the two.'],
  ['empty value', strictPairs, 'MODEL_PATH=', 'MODEL_PATH has an empty value. Give it a value, or remove the line.'],
  ...['"/mnt/a"', "'/mnt/a'", '""'].map((value): [string, Field<unknown>, string, string] => [
    `value in quotes ${value}`,
    strictPairs,
    `MODEL_PATH=${value}`,
    'MODEL_PATH has a value in quotes. Remove them: values are taken literally, quotes included.',
  ]),
  ['required list of comments', list({ required: true }), '# none', 'has no entry. Give one entry per line.'],
]

test.each(refused)('%s is refused', (_title, field, given, message) => {
  const parsed = field.parse(given)
  const faults = 'value' in parsed ? [] : 'faults' in parsed ? parsed.faults : [parsed]
  expect(faults.map(({ wrong, remedy }) => `${wrong} ${remedy}`)).toEqual([message])
})

test('a duration is the sum of what is written', () => {
  const part = fc.option(fc.nat(999), { nil: undefined })
  fc.assert(
    fc.property(part, part, part, (hours, minutes, seconds) => {
      const written = [hours, minutes, seconds].map((value, index) => (value === undefined ? '' : `${value}${'hms'[index]}`)).join('')
      const sum = ((hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0)) * 1000
      expect(parseDuration(written)).toBe(written === '' ? undefined : sum)
    }),
  )
})

test('no other text is a duration', () => {
  const near = fc.string({ unit: fc.constantFrom(...'0123456789hmsd .-+e'.split('')), maxLength: 8 })
  fc.assert(
    fc.property(near, (written) => {
      const value = parseDuration(written)
      // Read in another way: cut before each number; the units must be some of h, m, s in this order.
      const parts = written.match(/\d+[^\d]*/g) ?? []
      const units = parts.map((part) => part.replace(/^\d+/, ''))
      const inOrder = ['h', 'm', 's'].filter((unit) => units.includes(unit))
      const right = parts.length > 0 && parts.join('') === written && isDeepStrictEqual(units, inOrder)
      expect(value !== undefined).toBe(right)
    }),
    { numRuns: 2000 },
  )
})

test('required flags and defaults stand as action.yml must show them', () => {
  const shown = (field: Field<unknown>) => [field.required, field.default]
  expect(shown(text({ required: true }))).toEqual([true, undefined])
  expect(shown(integer({ default: 150 }))).toEqual([false, '150'])
  expect(shown(duration({ default: '1h30m' }))).toEqual([false, '1h30m'])
  expect(shown(boolean())).toEqual([false, 'false'])
  expect(shown(boolean({ default: true }))).toEqual([false, 'true'])
  expect(shown(choice(['a', 'b'], { default: 'b' }))).toEqual([false, 'b'])
})

test('no message about a pair has more of its line than the key', () => {
  const value = fc.string({ unit: fc.constantFrom(...'xyz=: "'.split('')), minLength: 1, maxLength: 8 })
  fc.assert(
    fc.property(fc.constantFrom('KEY:', 'KEY ', 'KEY', 'KEY: '), value, (key, rest) => {
      const parsed = strictPairs.parse(`${key}secret${rest}`)
      expect('faults' in parsed ? JSON.stringify(parsed.faults) : '').not.toMatch(/(?<!KEY)secret/)
    }),
  )
})
