import { expect, test } from '@jest/globals'
import { InputError } from '@prebake/kernel'
import { asStep } from '@prebake/action-kit/testing'
import { boolean, choice, defineInputs, duration, integer, keyValues, list, readInputs, secret, text, type Inputs } from '../src/index.ts'

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

const read = (env: Record<string, string>) => asStep(env, () => readInputs(schema)).result()

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
  const inputs = read({
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
  const inputs = read({ INPUT_MODEL: 'm' })
  // @ts-expect-error -- no default and not required
  const key: string = inputs.kmsKeyId
  expect(key).toBeUndefined()
  // @ts-expect-error -- not a field of the schema
  expect(inputs.modle).toBeUndefined()
})

test('an empty text is absent: the default holds, and a required input is missing', () => {
  const inputs = read({ INPUT_MODEL: 'm', 'INPUT_VOLUME-SIZE': '', INPUT_VERIFY: '  ', INPUT_REBUILD: '', INPUT_IMAGES: '' })
  expect(inputs).toMatchObject({ volumeSize: 150, verify: 'quick', rebuild: false, images: [], timeout: 7_200_000 })
  expect(problems({ INPUT_MODEL: ' ' })).toEqual(['`model`: is missing. Give it under `with:`.'])
})

test('every problem is reported at once', () => {
  expect(problems({ 'INPUT_VOLUME-SIZE': 'big', INPUT_TIMEOUT: '5', INPUT_MODLE: 'a/b', INPUT_SOMETHING_ELSE: 'x' })).toEqual([
    '`model`: is missing. Give it under `with:`.',
    '`volume-size`: `big` is not a whole number. Give a whole number of GiB, 20 to 16384.',
    '`timeout`: `5` is not a duration. Give a duration such as `90s`, `45m`, `2h` or `1h30m`.',
    '`modle`: is not an input of this action. Did you mean `model`?',
    "`something_else`: is not an input of this action. Remove it; the action's README lists its inputs.",
  ])
})

test('each problem has its code', () => {
  const malformed = () => read({ 'INPUT_VOLUME-SIZE': 'big', INPUT_MODLE: 'a/b' })
  expect(malformed).toThrow(
    expect.objectContaining({
      errorCode: 'input-missing',
      problems: ['input-missing', 'input-malformed', 'input-unknown'].map((code) => expect.objectContaining({ code })),
    }),
  )
})

test('a rule between inputs is asked when each that it reads is right, beside whatever else is wrong', () => {
  const both = { INPUT_VERIFY: 'none', INPUT_REBUILD: 'true' }
  expect(problems({ INPUT_MODEL: 'm', ...both, INPUT_MODLE: '' })).toEqual([
    '`verify`: is none with `rebuild`. Choose one.',
    '`modle`: is not an input of this action. Did you mean `model`?',
  ])
  expect(problems(both)).toEqual(['`model`: is missing. Give it under `with:`.', '`verify`: is none with `rebuild`. Choose one.'])
  expect(problems({ INPUT_MODEL: 'm', INPUT_VERIFY: 'none', INPUT_REBUILD: 'maybe' })).toEqual([expect.stringContaining('`rebuild`')])
})

test.each([
  ['one line', 'hf_1', '::add-mask::hf_1\n'],
  ['with a percent sign', 'a%0Ab', '::add-mask::a%250Ab\n'],
  ['several lines, but not its braces', '{\n  "a": 1\n}\n', '::add-mask::"a": 1\n'],
  ['empty', '', ''],
  ['one character', 'x', ''],
])('a secret is masked: %s', (_title, value, log) => {
  const step = asStep({ INPUT_MODEL: 'm', 'INPUT_HF-TOKEN': value }, () => readInputs(schema))
  expect(step.result()).toMatchObject({ model: 'm' })
  expect(step.log).toBe(log)
})

test('secrets are masked even where another input is wrong', () => {
  const step = asStep({ 'INPUT_HF-TOKEN': 'hf_1' }, () => readInputs(schema))
  expect(step.result).toThrow(InputError)
  expect(step.log).toBe('::add-mask::hf_1\n')
})

test('of an input that is a secret in parts, those parts are masked', () => {
  const parts = defineInputs({ login: secret({ secretsIn: (given) => given.split(':').slice(1) }) })
  const step = asStep({ INPUT_LOGIN: 'octocat:hunter2' }, () => readInputs(parts))
  expect(step.result()).toEqual({ login: 'octocat:hunter2' })
  expect(step.log).toBe('::add-mask::hunter2\n')
})

test('all that is wrong with one input is reported at once', () => {
  const pairs = defineInputs({ tags: keyValues({ key: { pattern: /^[a-z]+$/, words: 'a word' } }) })
  const message =
    '`tags`: the line that starts with `a` is not `key=value`. Write one `key=value` per line.\n`tags`: b is given twice. Remove one of the two.'
  expect(asStep({ INPUT_TAGS: 'a\nb=1\nb=2' }, () => readInputs(pairs)).result).toThrow(message)
})

test('a default that only the runner can work out is nothing when it came out empty', () => {
  const withExpression = defineInputs({ 'github-token': secret({ default: '${{ github.token }}' }) })
  expect(asStep({}, () => readInputs(withExpression)).result().githubToken).toBeUndefined()
})
