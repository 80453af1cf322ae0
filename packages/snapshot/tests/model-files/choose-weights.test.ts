import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { expand, indexOf, refusalOf, select, type RepositorySpec } from './repository.ts'

const hfIndex = 'model.safetensors.index.json'
const mistralIndex = 'consolidated.safetensors.index.json'
const three = 'model-{00001..00003}-of-00003.safetensors'
const weightsOf = (spec: RepositorySpec) => select(spec).paths.filter((path) => path.endsWith('.safetensors'))
const hf = (...files: readonly string[]): RepositorySpec => ({ files: ['config.json', ...files] })
const withIndex = (named: readonly string[], files: readonly string[]): RepositorySpec => ({
  files: ['config.json', ...files],
  json: { [hfIndex]: indexOf(...named) },
})

describe('without an index, a numbering has to explain all', () => {
  test.each([
    ['one file of any name', ['gptq_model-4bit-128g.safetensors'], undefined],
    ['one file with a number in its name', ['qwen2.safetensors'], undefined],
    ['one file of one', ['model-00001-of-000001.safetensors'], undefined],
    ['a series from 1', [three], undefined],
    ['a series from 0 to N - 1', ['model-{00000..00002}-of-00003.safetensors'], undefined],
    ['a series from 0 to N', ['model-{0..2}-of-2.safetensors'], undefined],
    ['a series that does not say of how many', ['model_{0..97}.safetensors'], undefined],
    ['a series of another name', ['Qwen-{1..2}-of-2.safetensors'], undefined],
    ['model.safetensors before other names', ['model.safetensors', 'draft.safetensors'], ['model.safetensors']],
    ['model.safetensors before other precisions', ['model.safetensors', 'model.fp16.safetensors'], ['model.safetensors']],
    ['a precision, where it is the only one', ['model.fp16.safetensors'], undefined],
  ])('%s', (_title, files, taken) => {
    expect(weightsOf(hf(...files))).toEqual((taken ?? expand(files)).toSorted())
  })

  test.each<[string, readonly string[], string]>([
    ['the first is missing', ['model-{00002..00003}-of-00003.safetensors'], 'lacks 1 file'],
    ['the last is missing', ['model-{00001..00002}-of-00003.safetensors'], 'lacks 1 file'],
    ['one of a series from 0 is missing', ['model-00000-of-00002.safetensors', 'model-00002-of-00002.safetensors'], 'lacks 1 file'],
    ['the last of a series from 0 is missing', ['model-{00000..00002}-of-00005.safetensors'], 'lacks 2 files'],
    ['two names', ['a.safetensors', 'b.safetensors'], 'several sets of weights (`a.safetensors` and `b.safetensors`)'],
    [
      'one file and a series',
      ['model.safetensors', three],
      'several sets of weights (`model-*-of-00003.safetensors` and `model.safetensors`)',
    ],
    ['two series', [three, 'model-{1..4}-of-4.safetensors'], 'several sets'],
    ['many names', ['{1..9}-{1..9}x.safetensors'], 'and 6 more'],
    ['a gap where nothing says of how many', ['part-0.safetensors', 'part-2.safetensors'], 'several sets'],
  ])('refused: %s', (_title, files, words) => {
    expect(refusalOf(hf(...files))).toMatch(/^\[(model-files-incomplete|weights-ambiguous)\]/)
    expect(refusalOf(hf(...files))).toContain(words)
  })
})

describe('the index decides', () => {
  test('files in folders are taken, and it is said that this needs a newer vLLM', () => {
    const { paths, notes } = select(
      withIndex(['weights/a.safetensors', 'weights/b.safetensors'], ['weights/a.safetensors', 'weights/b.safetensors']),
    )
    expect(paths).toEqual(['config.json', hfIndex, 'weights/a.safetensors', 'weights/b.safetensors'])
    expect(notes).toEqual([{ level: 'warning', text: expect.stringContaining('`weights/a.safetensors` and `weights/b.safetensors`') }])
  })

  test('what it does not name is left out with a warning, or baked if the user says so', () => {
    const spec = withIndex([three], [three, 'vision.safetensors:2000000000', 'model.fp32.safetensors', 'consolidated.safetensors'])
    const { paths, notes } = select(spec)
    expect(paths).toEqual(expand(['config.json', three, hfIndex]))
    expect(notes.map(({ level }) => level)).toEqual(['info', 'info', 'warning'])
    expect(notes[2]?.text).toContain('`vision.safetensors` (2.00 GB)')
    const asked = select({ ...spec, choice: { patterns: ['vision*'] } })
    expect(asked.paths).toContain('vision.safetensors')
    expect(asked.notes.map(({ level }) => level)).toEqual(['info', 'info'])
  })

  test.each<[string, unknown]>([
    ['no map', {}],
    ['an empty map', { weight_map: {} }],
    ['no object', []],
  ])('with %s it is left out with a warning, and the names decide', (_title, index) => {
    const { paths, notes } = select({ files: ['config.json', three], json: { [hfIndex]: index } })
    expect(paths).toEqual(expand(['config.json', three]))
    expect(notes).toEqual([{ level: 'warning', text: expect.stringContaining(hfIndex) }])
  })

  test('left over from other weights, it is left out with a warning, and so are the shards that it still has', () => {
    const { paths, notes } = select(withIndex([three], ['model.safetensors', 'model-00001-of-00003.safetensors']))
    expect(paths).toEqual(['config.json', 'model.safetensors'])
    expect(notes[0]).toEqual({ level: 'warning', text: expect.stringContaining('names 2 files that the repository does not have') })
  })

  test.each<[string, RepositorySpec, readonly string[]]>([
    [
      'one of its files is missing',
      withIndex([three], ['model-{00001..00002}-of-00003.safetensors']),
      ['names 1 file', '`model-00003-of-00003.safetensors`'],
    ],
    ['many are', withIndex(['model-{00001..00100}-of-00100.safetensors'], ['x.safetensors']), ['names 100 files', 'and 97 more']],
    [
      'one is, beside the whole file that it names',
      withIndex(['model.safetensors', 'model_visual.safetensors'], ['model.safetensors']),
      ['`model_visual.safetensors`'],
    ],
    ['all are in another folder', withIndex(['model.safetensors'], ['fp16/model.safetensors', 'a.safetensors']), ['`model.safetensors`']],
    ['it leads to a parent folder', withIndex(['../../blobs/x.safetensors'], []), ['"../../blobs/x.safetensors"', 'not a path inside']],
    ['it names an absolute path', withIndex(['/etc/passwd'], ['model.safetensors']), ['"/etc/passwd"', 'not a path inside']],
    ['it has an empty name', withIndex([''], ['model.safetensors']), ['""', 'not a path inside']],
    ['it has a backslash', withIndex(['a\\b.safetensors'], ['model.safetensors']), ['not a path inside']],
    ['it has a line break', withIndex(['a\nb.safetensors'], ['model.safetensors']), ['not a path inside']],
  ])('refused: %s', (_title, spec, words) => {
    const refusal = refusalOf(spec)
    for (const word of words) expect(refusal).toContain(word)
  })

  test('an index that is baked names baked files only, and no file is baked that is not in the repository', () => {
    const paths = [
      'model.safetensors',
      'model_mtp.safetensors',
      ...expand([three]),
      'consolidated.safetensors',
      'sub/model.safetensors',
      'params.json',
    ]
    const names = fc.subarray([...paths.filter((path) => path.endsWith('.safetensors')), 'missing.safetensors'])
    fc.assert(
      fc.property(
        fc.subarray(paths),
        fc.option(names),
        fc.option(names),
        fc.constantFrom('auto', 'hf', 'mistral'),
        (files, one, other, format) => {
          const json = { ...(one && { [hfIndex]: indexOf(...one) }), ...(other && { [mistralIndex]: indexOf(...other) }) }
          const spec: RepositorySpec = { files: ['config.json', ...files], json, choice: { format } }
          const refusal = refusalOf(spec)
          if (refusal !== 'not refused') return
          const taken = select(spec).paths
          const all = new Set(['config.json', ...files, ...Object.keys(json)])
          expect(taken.filter((path) => !all.has(path))).toEqual([])
          expect(new Set(taken).size).toBe(taken.length)
          const named = [...(taken.includes(hfIndex) ? (one ?? []) : []), ...(taken.includes(mistralIndex) ? (other ?? []) : [])]
          expect(named.filter((path) => !taken.includes(path))).toEqual([])
          expect(taken.some((path) => path.endsWith('.safetensors'))).toBe(true)
        },
      ),
      { numRuns: 2000 },
    )
  })
})

describe('two formats', () => {
  const both = ['config.json', 'params.json', 'tekken.json', three, 'consolidated.safetensors']
  const shards = expand([three])

  test.each<[string, RepositorySpec, readonly string[], string]>([
    ['Hugging Face’s by default', { files: both }, shards, 'hf'],
    ['Hugging Face’s where asked for', { files: both, choice: { format: 'hf' } }, shards, 'hf'],
    ['Mistral’s where asked for', { files: both, choice: { format: 'mistral' } }, ['consolidated.safetensors'], 'mistral'],
    ['Mistral’s without config.json', { files: both.slice(1) }, ['consolidated.safetensors'], 'mistral'],
    [
      'Mistral’s where it is the only one',
      { files: ['config.json', 'params.json', 'consolidated.safetensors'] },
      ['consolidated.safetensors'],
      'mistral',
    ],
  ])('%s', (_title, spec, taken, format) => {
    const { paths, format: chosen } = select(spec)
    expect(paths.filter((path) => path.endsWith('.safetensors'))).toEqual(taken)
    expect(chosen).toBe(format)
  })

  test('the plan says which one is baked, what is left out, and how to choose', () => {
    const { notes } = select({ files: both.map((path) => `${path}:2000000000`) })
    const text = expect.stringMatching(
      /Hugging Face's weights are baked \(3 files, 6\.00 GB\).*`consolidated\.safetensors` \(2\.00 GB\).*`format: mistral`/,
    )
    expect(notes).toEqual([{ level: 'info', text }])
  })

  test('the index of the other format is never baked', () => {
    const json = { [hfIndex]: indexOf(three), [mistralIndex]: indexOf('consolidated.safetensors') }
    expect(select({ files: both, json }).paths).not.toContain(mistralIndex)
    expect(select({ files: both, json, choice: { format: 'mistral' } }).paths).not.toContain(hfIndex)
  })

  test.each<[string, RepositorySpec, readonly string[]]>([
    [
      'a format that is not there',
      { files: ['config.json', three], choice: { format: 'mistral' } },
      ['[weights-missing] format:', 'but in the other one'],
    ],
    [
      'weights that are not whole, where the other format is',
      { files: both.map((path) => path.replace('..00003', '..00002')) },
      ['`format: mistral`'],
    ],
    [
      'Voxtral without Mistral’s weights',
      { files: [three], json: { 'config.json': { architectures: ['VoxtralForConditionalGeneration'] } } },
      ['[weights-missing] model:', 'VoxtralForConditionalGeneration', 'params.json', '`format: hf`'],
    ],
  ])('refused: %s', (_title, spec, words) => {
    const refusal = refusalOf(spec)
    for (const word of words) expect(refusal).toContain(word)
  })

  test('a format that is asked for overrules what is known of the architecture', () => {
    const json = { 'config.json': { architectures: ['VoxtralForConditionalGeneration'] } }
    expect(weightsOf({ files: [three], json, choice: { format: 'hf' } })).toEqual(shards)
  })
})

test('the patterns of `files` add and leave out, and must match', () => {
  const files = ['config.json', 'model.safetensors', 'model-{1..2}-of-2.safetensors', 'docs/a.md', 'docs/b/c.md', 'x [1].md']
  const patterned = (...patterns: readonly string[]): RepositorySpec => ({ files, choice: { patterns } })
  expect(select(patterned('!model-*')).paths).toEqual(['config.json', 'model.safetensors'])
  expect(select(patterned('! model.safetensors', 'docs/*', 'x [1].md')).paths).toEqual([
    ...['config.json', 'docs/a.md', 'model-1-of-2.safetensors', 'model-2-of-2.safetensors', 'x [1].md'],
  ])
  expect(select(patterned('!model.safetensors', 'docs/**', '!docs/a.md')).paths).toContain('docs/b/c.md')
  expect(select(patterned('!model.safetensors', 'docs/**', '!docs/a.md')).paths).not.toContain('docs/a.md')
  const refusal = refusalOf(patterned('!model-*', 'doc/*'))
  expect(refusal).toBe(
    '[files-pattern-unmatched] files: `doc/*` matches no file of the model. Write paths as on the page “Files and versions”; `*` stops at a slash, `**` does not.',
  )
  expect(select(patterned('model-*')).paths).toEqual(['config.json', 'model-1-of-2.safetensors', 'model-2-of-2.safetensors'])
  const layers = { files: ['config.json', 'layers-{0..3}.safetensors', 'outside.safetensors'], choice: { patterns: ['*.safetensors'] } }
  expect(weightsOf(layers)).toHaveLength(5)
  expect(refusalOf(patterned('!config.json'))).toContain('no `config.json`')
})

test('names that would break a plan or a message stay out of both', () => {
  expect(select(hf('model.safetensors', 'a\tb.json', 'c\nd.json')).paths).toEqual(['config.json', 'model.safetensors'])
  expect(select(hf('model.safetensors', '`<b>.safetensors')).notes[0]?.text).toContain('`?<b>.safetensors`')
})
