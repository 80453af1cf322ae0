import { expect, test } from '@jest/globals'
import { InputError } from '@prebake/kernel'
import fc from 'fast-check'
import { readManifests } from '../src/index.ts'

const head = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: one\n'
const read = (text: string, variables: Record<string, string> = {}, inputs: Record<string, string> = {}) =>
  readManifests([{ path: 'a.yaml', text }], variables, { inputs })

function problems(work: () => unknown): readonly string[] {
  try {
    work()
  } catch (error) {
    if (error instanceof InputError) return error.problems.map(({ input, code, wrong, remedy }) => `${input} ${code}: ${wrong} ${remedy}`)
    throw error
  }
  return []
}

test('documents know their place; empty ones are left out', () => {
  const text = `# only a comment\n---\n---\n${head}---\n# second\n${head.replace('one', 'two')}---\n`
  const manifests = read(text)
  expect(manifests.map(({ document, file, line }) => [document.metadata.name, file, line])).toEqual([
    ['one', 'a.yaml', 4],
    ['two', 'a.yaml', 10],
  ])
})

test.each([
  ['line ends of Windows', head.replaceAll('\n', '\r\n') + '---\r\n' + head.replace('one', 'two').replaceAll('\n', '\r\n'), ['one', 'two']],
  ['an end of document', `${head}...\n---\n${head.replace('one', 'two')}`, ['one', 'two']],
  ['a directive', `%YAML 1.1\n---\n${head}`, ['one']],
  ['no line break at the end', head.trimEnd(), ['one']],
  ['three dashes in a text', `${head}data:\n  a: |\n    x\n    ---\n    y\n`, ['one']],
])('documents: %s', (_title, text, names) => {
  expect(read(text).map(({ document }) => document.metadata.name)).toEqual(names)
})

test('a JSON file is read too', () => {
  expect(read('{"apiVersion":"v1","kind":"Secret","metadata":{"name":"s"}}')[0]?.document.kind).toBe('Secret')
})

test.each([
  ['octal as kubectl reads it', 'mode: 0400', 256],
  ['yes is true', 'mode: yes', true],
  ['a key too', 'mode: { y: 1 }', { true: 1 }],
  ['base 60 stays a text', 'mode: 22:30', '22:30'],
  ['a date stays a text', 'mode: 2026-11-24', '2026-11-24'],
  ['merge keys', 'base: &b { x: 1 }\nmode: { <<: *b, z: 2 }', { x: 1, z: 2 }],
])('YAML: %s', (_title, line, value) => {
  expect(read(`${head}${line}\n`)[0]?.document['mode']).toEqual(value)
})

test.each<[title: string, text: string, expected: readonly string[]]>([
  ['broken YAML, once', `${head}data:\n  a: [1, 2\n  b: }\n`, ['a.yaml:7:3 yaml-broken: ']],
  ['a key twice', `${head}kind: Secret\n`, ['a.yaml:5:1 yaml-broken: broken YAML: Map keys must be unique']],
  ['an unknown tag', `${head}data: !Ref x\n`, ['a.yaml:5:7 yaml-broken: broken YAML: Unresolved tag: !Ref']],
  ['an alias to nothing', `${head}data: *nowhere\n`, ['a.yaml:5:7 yaml-broken: ']],
  [
    'no kind and no name',
    'apiVersion: v1\n',
    ['a.yaml:1:1 document-incomplete: the document has no kind. ', 'a.yaml:1:1 document-incomplete: the document has no metadata.name. '],
  ],
  [
    'no apiVersion, in the second',
    `${head}---\n\nkind: X\nmetadata: { name: z }\n`,
    ['a.yaml:7:1 document-incomplete: the document has no apiVersion. '],
  ],
  [
    'a name that each API server would complete',
    head.replace('name: one', 'generateName: smoke-'),
    ['a.yaml:1:1 document-incomplete: the document has no metadata.name. With `generateName` each rollout would make another'],
  ],
  [
    'indentation copied from a page',
    head.replace('  name: one', '\u00a0 name: one'),
    ['a.yaml:1:1 document-incomplete: the document has no metadata.name. The file is indented with no-break spaces (U+00A0)'],
  ],
  ['a name that is a number', head.replace('one', '1'), ['a.yaml:4:9 document-incomplete: metadata.name is not a text. Put it in quotes.']],
  ['a list', '- a\n', ['a.yaml:1:1 document-not-an-object: the document is a list']],
  [
    'an item of a List without a name',
    'apiVersion: v1\nkind: List\nitems:\n  - { apiVersion: v1, kind: X }\n',
    ['a.yaml:4:5 document-incomplete: '],
  ],
  [
    'a Kustomization of kustomize',
    'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n',
    ['a.yaml:1:1 kustomization-not-built: '],
  ],
  ['a template as a value', `${head}data: {{ .Values.x }}\n`, ['a.yaml:5:8 template-leftover: a template is left here, `{{ .Values.x }}`']],
  ['three braces', `${head}data: {{{ TOKEN }}}\n`, ['a.yaml:5:8 template-leftover: ']],
  ['a line of a template', `${head}{{- if .Values.x }}\ndata: {}\n{{- end }}\n`, ['Render it first: name the folder']],
  [
    'a template in a name',
    head.replace('one', '"{{ .Release.Name }}-x"'),
    ['a.yaml:4:9 name-invalid: metadata.name is `{{ .Release.Name }}-x`'],
  ],
  ['a name in capitals', head.replace('one', 'One'), ['a.yaml:4:9 name-invalid: ']],
  [
    'a name to be made up',
    head.replace('name: one', 'generateName: one-'),
    ['a.yaml:1:1 document-incomplete: the document has no metadata.name. '],
  ],
  [
    'metadata that is a text',
    'apiVersion: v1\nkind: X\nmetadata: one\n',
    ['a.yaml:1:1 document-incomplete: the document has no metadata.name. '],
  ],
  ['a text', 'hello\n', ['a.yaml:1:1 document-not-an-object: the document is `hello`']],
  ['the same object twice', `${head}---\n${head}`, ['a.yaml:6 document-duplicated: ConfigMap one is already in a.yaml:1.']],
  ['nothing at all', '# nothing\n', ['manifests manifests-empty: there is no document in a.yaml. ']],
])('refused: %s', (_title, text, expected) => {
  const found = problems(() => read(text))
  expect(found).toHaveLength(expected.length)
  for (const [index, words] of expected.entries()) expect(found[index]).toContain(words)
})

test('no file at all', () => {
  expect(problems(() => readManifests([], {}))).toEqual(['manifests manifests-empty: names no file. Give files with Kubernetes manifests.'])
})

test('one object in two versions of its group, or in two files, is there twice; in two namespaces it is not', () => {
  const claim = (version: string, more = '') => `apiVersion: karpenter.sh/${version}\nkind: NodePool\nmetadata: { name: vllm${more} }\n`
  const files = (...texts: readonly string[]) => texts.map((text, index) => ({ path: `${index}.yaml`, text }))
  expect(problems(() => readManifests(files(claim('v1'), claim('v1beta1')), {}))).toEqual([
    '1.yaml:1 document-duplicated: NodePool vllm is already in 0.yaml:1. Remove one of the two.',
  ])
  expect(readManifests(files(claim('v1', ', namespace: a'), claim('v1', ', namespace: b')), {})).toHaveLength(2)
})

test('everything that is wrong is reported at once', () => {
  const files = [
    { path: 'a.yaml', text: 'a: [\n' },
    { path: 'b.yaml', text: `${head}x: \${NOWHERE}\n` },
    { path: 'c.yaml', text: 'kind: X\n' },
  ]
  const found = problems(() => readManifests(files, { UNUSED: '1' }, { inputs: { UNUSED: 'variables' } }))
  expect(found.map((problem) => problem.split(/[: ]/)[0])).toEqual(['a.yaml', 'b.yaml', 'c.yaml', 'c.yaml', 'variables'])
})

test.each([
  ['the whole scalar', 'x: ${A}', 'one'],
  ['inside a scalar, twice', 'x: a-${A}-${B}', 'a-one-two'],
  ['in quotes', `x: "\${A}'"`, "one'"],
  ['in a block', 'x: |\n  ${A}\n  ${B}', 'one\ntwo\n'],
  ['in a list and a flow map', 'x: [{ z: "${A}" }]', [{ z: 'one' }]],
  ['escaped', 'x: $${A} ${A}', '${A} one'],
  ['other dollars', 'x: $A $(B) $$ {A}', '$A $(B) $$ {A}'],
  ['through an alias, once', 'z: &a ${C}\nx: *a', '${A}'],
])('filled in: %s', (_title, line, value) => {
  expect(read(`${head}${line}\n`, { A: 'one', B: 'two', C: '${A}' })[0]?.document['x']).toEqual(value)
})

test.each([
  [
    'x: ${SNAPSHOT_IDD}',
    'a.yaml:5:4 variable-undefined: `${SNAPSHOT_IDD}` has no value. Did you mean `${SNAPSHOT_ID}`? Give it under `variables`, or write `$${SNAPSHOT_IDD}`',
  ],
  ['x: "  ${ROLE}"', 'a.yaml:5:7 variable-undefined: `${ROLE}` has no value. Give it under `the-role`,'],
  ['x: |\n  text\n  and ${NO}', 'a.yaml:7:7 variable-undefined: `${NO}`'],
  ['x: a $${B} ${NO}', 'a.yaml:5:12 variable-undefined: `${NO}`'],
  ['x: "\\x24{NO}"', 'a.yaml:5:4 variable-undefined: `${NO}`'],
  ['x: ${A:-b}', 'a.yaml:5:4 placeholder-malformed: `${A:-b}` has a default, and A has no value: '],
  ['x: ${A:-${B}}', 'write `$${A:-$${B}}` for the text itself.'],
  [
    'x: ${A b}',
    'a.yaml:5:4 placeholder-malformed: `${A b}` is not a variable: only `${NAME}` is filled in. Write `$${A b}` for the text itself.',
  ],
  ['x: ${}', 'a.yaml:5:4 placeholder-malformed: `${}` is not a variable'],
  ['x: ${A', 'a.yaml:5:4 placeholder-malformed: `${A` has no closing brace.'],
  ['${SNAPSHOT_ID}: x', 'a.yaml:5:1 placeholder-in-key: `${SNAPSHOT_ID}` is in a key'],
  ['x: { y: ${SNAPSHOT_ID} }', 'a.yaml:5:10 yaml-broken: broken YAML: Unexpected flow-map-start at node end. Put `${…}` in quotes'],
  ['x: ${constructor}', 'a.yaml:5:4 variable-undefined: `${constructor}`'],
])('not filled in: %s', (line, expected) => {
  const found = problems(() => read(`${head}${line}\n`, { SNAPSHOT_ID: 'snap-1' }, { ROLE: 'the-role' }))
  expect(found).toHaveLength(1)
  expect(found[0]).toContain(expected)
})

test.each([
  ['x: ${SNAPSHOT_ID:-none}', 'snap-1'],
  ['x: ${SNAPSHOT_ID-none} ${SNAPSHOT_ID:=${A:-b}}', 'snap-1 snap-1'],
  ['x: $${A:-$${B}} ${SNAPSHOT_ID}', '${A:-${B}} snap-1'],
])('a default is not needed where the name is given: %s', (line, value) => {
  expect(read(`${head}${line}\n`, { SNAPSHOT_ID: 'snap-1' })[0]?.document['x']).toBe(value)
})

test('the items of a List are objects of their own, each with its place; lists in lists, and lists of one kind too', () => {
  const text = [
    'apiVersion: v1',
    'kind: List',
    'items:',
    '  - { apiVersion: v1, kind: ConfigMap, metadata: { name: a } }',
    '  - apiVersion: v1',
    '    kind: SecretList',
    '    items:',
    '      - metadata: { name: b }',
    '      - metadata: { name: c }',
    '',
  ].join('\n')
  expect(read(text).map(({ document, line }) => [document.apiVersion, document.kind, document.metadata.name, line])).toEqual([
    ['v1', 'ConfigMap', 'a', 4],
    ['v1', 'Secret', 'b', 8],
    ['v1', 'Secret', 'c', 9],
  ])
  expect(read('apiVersion: a/v1\nkind: AllowList\nmetadata: { name: x }\nitems: [1]\n')).toHaveLength(1)
})

test('a variable of a document that could not be read counts as used, and nothing follows from it', () => {
  const text = `${head}data: { a: \${A} }\n`
  expect(problems(() => read(text, { A: '1' }, { A: 'variables' }))).toEqual([expect.stringContaining('a.yaml:5:13 yaml-broken')])
})

test.each([
  ['Role', 'rbac.authorization.k8s.io/v1', 'system:Reader'],
  ['CustomResourceDefinition', 'apiextensions.k8s.io/v1', 'nodepools.karpenter.sh'],
])('%s may be named %s', (kind, apiVersion, name) => {
  expect(read(`apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: '${name}' }\n`)).toHaveLength(1)
})

test.each<[line: string, doubt: string | undefined]>([
  ['x: $CLUSTER', 'a.yaml:5:4 placeholder-of-another-tool: `$CLUSTER` stays as it is, though `variables` gives CLUSTER'],
  ['x: "a {{ CLUSTER }}"', 'a.yaml:5:7 placeholder-of-another-tool: `{{ CLUSTER }}` stays'],
  ['x: a-<CLUSTER>-b', 'a.yaml:5:6 placeholder-of-another-tool'],
  ['x: $(CLUSTER)', 'placeholder-of-another-tool'],
  ['x: $CLUSTER_NAME', undefined],
  ['x: CLUSTER', undefined],
  ['env: [{ name: CLUSTER, value: $CLUSTER }]', undefined],
  ['run: "CLUSTER=a; echo $CLUSTER"', undefined],
  ['count: ${N}', 'a.yaml:5:8 variable-as-text: `${N}` becomes the text "2", not a number or a boolean.'],
  ['replicas: ${N}', undefined],
  ['replicas: "${N}"', undefined],
  ['env: [{ name: A, value: ${CLUSTER} }]', undefined],
  ['data: { a: x${N} }', undefined],
  ['metadata: { labels: { a: "${N}" } }', undefined],
])('in doubt: %s', (line, doubt) => {
  const doubts: string[] = []
  const text = `apiVersion: v1\nkind: X\nmetadata:\n  name: one\n${line}\nused: "\${CLUSTER} \${N}"\n`
  const onDoubt = ({ input, code, wrong }: { input: string; code?: string; wrong: string }) =>
    void doubts.push(`${input} ${code}: ${wrong}`)
  try {
    readManifests([{ path: 'a.yaml', text }], { CLUSTER: 'demo', N: '2' }, { inputs: { CLUSTER: 'variables', N: 'variables' }, onDoubt })
  } catch (error) {
    if (!(error instanceof InputError)) throw error
  }
  expect(doubts).toHaveLength(doubt === undefined ? 0 : 1)
  expect(doubts.join()).toContain(doubt ?? '')
})

test.each<[line: string, value: unknown]>([
  ['iops: ${N}', { iops: 2 }],
  ['throughput: "${N}"', { throughput: '2' }],
  ['iops: 1${N}', { iops: '12' }],
  ['iops: ${CLUSTER}', { iops: 'demo' }],
  ['count: ${N}', { count: '2' }],
  ['data:\n  replicas: ${N}', { data: { replicas: '2' } }],
  ['spec:\n  periodSeconds:\n    - ${N}', { spec: { periodSeconds: ['2'] } }],
])('a number where an integer is meant by the schema, else a text: %s', (line, value) => {
  const [manifest] = read(`${head}${line}\n`, { CLUSTER: 'demo', N: '2' })
  expect(manifest?.document).toMatchObject(value as object)
})

test('what becomes a number is said, once, where `variables` gives it', () => {
  const said: string[] = []
  const files = [{ path: 'a.yaml', text: `${head}replicas: \${N}\nspec:\n  iops: \${IOPS}\n` }]
  readManifests(files, { N: '2', IOPS: '3000' }, { inputs: { N: 'variables', IOPS: 'iops' }, onNumber: (line) => said.push(line) })
  expect(said).toEqual(['a.yaml:5:11: `${N}` becomes the number 2.'])
})

test('a comment is no place for a variable', () => {
  expect(read(`${head}# \${NOWHERE}\n`)).toHaveLength(1)
})

test('a variable that was given must be used; others need not', () => {
  const text = `${head}x: \${SNAPSHOT_ID}\n`
  const given = { SNAPSHOT_ID: 'snap-1', SNAPSHOTID: 'snap-2', OTHER: '' }
  expect(problems(() => read(text, given, { SNAPSHOTID: 'variables' }))).toEqual([
    'variables variable-unused: no manifest has `${SNAPSHOTID}`. Did you mean `${SNAPSHOT_ID}`, which they use?',
  ])
  expect(problems(() => read(head, given, { SNAPSHOT_ID: 'snapshot-id' }))).toEqual([
    'snapshot-id variable-unused: no manifest has `${SNAPSHOT_ID}`. Remove it, or use it.',
  ])
})

test('a value is never YAML: it arrives as the very text, and nothing around it changes', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.constantFrom('1', 'true', 'a: b', '[x]', '"', '\n---\nkind: Evil', '# c', '*a', '${B}')),
      (value) => {
        const [manifest, ...others] = read(`${head}x: \${A}\nw: [ "\${A}" ]\nz: 1\n`, { A: value })
        expect(others).toEqual([])
        expect(manifest?.document).toMatchObject({ x: value, w: [value], z: 1 })
        expect(Object.keys(manifest?.document ?? {})).toHaveLength(6)
      },
    ),
  )
})

const versioned = (spec: string, name = 'vllm-${NODECLASS_HASH}') => [
  {
    path: 'v.yaml',
    text: `
apiVersion: karpenter.k8s.aws/v1
kind: EC2NodeClass
metadata: { name: '${name}' }
spec: ${spec}
---
apiVersion: karpenter.sh/v1
kind: NodePool
metadata: { name: vllm }
spec: { ref: 'vllm-\${NODECLASS_HASH}' }
`,
  },
]
const namesIn = (spec: string, snapshot = 'snap-1') => {
  const [nodeClass, nodePool] = readManifests(versioned(spec), { S: snapshot })
  return [nodeClass?.document.metadata.name, nodePool?.document['spec']]
}

test('NODECLASS_HASH is the hash of the filled-in spec, whatever the order of its fields', () => {
  // printf '[{"a":1,"snapshot":"snap-1"}]' | sha256sum
  expect(namesIn("{ snapshot: '${S}', a: 1 }")).toEqual(['vllm-f7a5e6e0fe', { ref: 'vllm-f7a5e6e0fe' }])
  expect(namesIn("{ a: 1, snapshot: '${S}' }")).toEqual(namesIn("{ snapshot: '${S}', a: 1 }"))
  expect(namesIn("{ a: 1, snapshot: '${S}' }", 'snap-2')).not.toEqual(namesIn("{ a: 1, snapshot: '${S}' }"))
  // It may stand in the spec itself.
  expect(namesIn("{ tags: { v: '${NODECLASS_HASH}' }, s: '${S}' }")[0]).toMatch(/^vllm-[0-9a-f]{10}$/)
})

test('NODECLASS_HASH cannot be given, and needs a NodeClass that is named by it', () => {
  const given = () => readManifests(versioned('{}'), { NODECLASS_HASH: 'x' }, { inputs: { NODECLASS_HASH: 'variables' } })
  expect(problems(given)).toEqual([expect.stringContaining('variables node-class-hash-given: `NODECLASS_HASH` is built in')])
  const undefinedHash = [expect.stringContaining('manifests node-class-hash-undefined: `${NODECLASS_HASH}` has no value')]
  expect(problems(() => readManifests(versioned('{}', 'vllm'), {}))).toEqual(undefinedHash)
  expect(problems(() => readManifests(versioned('{}', 'vllm-$${NODECLASS_HASH}'), {}))).toEqual(expect.arrayContaining(undefinedHash))
})
