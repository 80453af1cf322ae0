import { expect, test } from '@jest/globals'
import { InputError } from '@prebake/kernel'
import { boolean, choice, defineInputs, duration, integer, list, readInputs, secret, text, type Inputs } from '../src/index.ts'

const schema = defineInputs(
  {
    model: text({ required: true }),
    revision: text({ default: 'main' }),
    'volume-size': integer({ min: 20, max: 16384, unit: 'GiB', default: 150 }),
    'kms-key-id': text(),
    timeout: duration({ default: '2h' }),
    verify: choice(['quick', 'full', 'none'], { default: 'quick' }),
    rebuild: boolean(),
    images: list(),
    'hf-token': secret(),
  },
  {
    check: ({ verify, rebuild }) =>
      verify === 'none' && rebuild ? [{ input: 'verify', wrong: 'is none with `rebuild`.', remedy: 'Choose one.' }] : [],
  },
)

function read(env: Record<string, string>) {
  const written: string[] = []
  return { inputs: readInputs(schema, env, (line) => written.push(line)), written }
}

function problems(env: Record<string, string>): readonly string[] {
  try {
    read(env)
  } catch (error) {
    if (error instanceof InputError) return error.message.split('\n')
    throw error
  }
  return []
}

test('all inputs are read into one frozen object, typed and in camelCase', () => {
  const { inputs } = read({
    INPUT_MODEL: ' a/b ',
    'INPUT_VOLUME-SIZE': '200',
    'INPUT_KMS-KEY-ID': 'k',
    INPUT_TIMEOUT: '90s',
    INPUT_VERIFY: 'full',
    INPUT_REBUILD: 'true',
    INPUT_IMAGES: 'x\ny',
    'INPUT_HF-TOKEN': 'hf_1',
  })
  const typed: {
    model: string
    revision: string
    volumeSize: number
    kmsKeyId: string | undefined
    timeout: number
    verify: 'quick' | 'full' | 'none'
    rebuild: boolean
    images: readonly string[]
    hfToken: string | undefined
  } = inputs satisfies Inputs<typeof schema>
  expect(typed).toEqual({
    model: 'a/b',
    revision: 'main',
    volumeSize: 200,
    kmsKeyId: 'k',
    timeout: 90_000,
    verify: 'full',
    rebuild: true,
    images: ['x', 'y'],
    hfToken: 'hf_1',
  })
  expect(Object.isFrozen(inputs)).toBe(true)
})

test('what may be absent is undefined in its type', () => {
  const { inputs } = read({ INPUT_MODEL: 'm' })
  // @ts-expect-error -- no default and not required
  const key: string = inputs.kmsKeyId
  expect(key).toBeUndefined()
  // @ts-expect-error -- not a field of the schema
  expect(inputs.modle).toBeUndefined()
})

test('an empty text is absent: the default holds, and a required input is missing', () => {
  const { inputs } = read({ INPUT_MODEL: 'm', 'INPUT_VOLUME-SIZE': '', INPUT_VERIFY: '  ', INPUT_REBUILD: '', INPUT_IMAGES: '' })
  expect(inputs).toMatchObject({ volumeSize: 150, verify: 'quick', rebuild: false, images: [], timeout: 7_200_000 })
  expect(problems({ INPUT_MODEL: ' ' })).toEqual(['`model`: is missing. Give it under `with:`.'])
})

test('every problem is told at once', () => {
  expect(problems({ 'INPUT_VOLUME-SIZE': 'big', INPUT_TIMEOUT: '5', INPUT_MODLE: 'a/b', INPUT_SOMETHING_ELSE: 'x' })).toEqual([
    '`model`: is missing. Give it under `with:`.',
    '`volume-size`: `big` is not a whole number. Give a whole number of GiB, 20 to 16384.',
    '`timeout`: `5` is not a time. Give a time such as `90s`, `45m`, `2h` or `1h30m`.',
    '`modle`: is not an input of this action. Did you mean `model`?',
    "`something_else`: is not an input of this action. Remove it; the action's README lists its inputs.",
  ])
})

test('rules between inputs are asked when each is right, and beside unknown names', () => {
  const both = { INPUT_VERIFY: 'none', INPUT_REBUILD: 'true' }
  expect(problems({ INPUT_MODEL: 'm', ...both, INPUT_MODLE: '' })).toEqual([
    '`verify`: is none with `rebuild`. Choose one.',
    '`modle`: is not an input of this action. Did you mean `model`?',
  ])
  expect(problems(both)).toEqual(['`model`: is missing. Give it under `with:`.'])
})

test.each([
  ['one line', 'hf_1', ['::add-mask::hf_1\n']],
  ['with a percent sign', 'a%0Ab', ['::add-mask::a%250Ab\n']],
  ['several lines, but not its braces', '{\n  "a": 1\n}\n', ['::add-mask::"a": 1\n']],
  ['empty', '', []],
  ['one character', 'x', []],
])('a secret is masked: %s', (_title, value, masks) => {
  expect(read({ INPUT_MODEL: 'm', 'INPUT_HF-TOKEN': value }).written).toEqual(masks)
})

test('secrets are masked even where another input is wrong', () => {
  const written: string[] = []
  expect(() => readInputs(schema, { 'INPUT_HF-TOKEN': 'hf_1' }, (line) => written.push(line))).toThrow(InputError)
  expect(written).toEqual(['::add-mask::hf_1\n'])
})

test('a default that only the runner can work out is nothing when it came out empty', () => {
  const withExpression = defineInputs({ 'github-token': secret({ default: '${{ github.token }}' }) })
  expect(() => readInputs(withExpression, {}, () => {})).not.toThrow()
  expect(readInputs(withExpression, {}, () => {}).githubToken).toBeUndefined()
})
