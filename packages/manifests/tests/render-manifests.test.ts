import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { classOf, versionedManifests } from '../../rollout/tests/versioned-manifests.ts'
import { readManifests, renderManifests } from '../src/index.ts'

const head = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: '

test('files by their paths below the folder that they share, documents in their order', () => {
  const file = (path: string, ...names: string[]) => ({ path, text: names.map((name) => `${head}${name} }\n`).join('---\n') })
  const paths = (...files: ReturnType<typeof file>[]) => renderManifests(readManifests(files, {})).map(({ path }) => path)
  const [rendered] = renderManifests(readManifests([file('deploy/vllm/a.yaml', 'one', 'two')], {}))
  expect(rendered).toEqual({
    path: 'a.yaml',
    text: ['one', 'two'].map((name) => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n`).join('---\n'),
  })
  expect(paths(file('deploy/vllm/a.yaml', 'a'), file('deploy/vllm/large/b.yaml', 'b'))).toEqual(['a.yaml', 'large/b.yaml'])
  expect(paths(file('a.yaml', 'a'), file('deploy/b.json', 'b'))).toEqual(['a.yaml', 'deploy/b.yaml'])
  expect(paths(file('deploy/a/x.yaml', 'a'), file('deploy/ab/x.yaml', 'b'))).toEqual(['a/x.yaml', 'ab/x.yaml'])
})

test('NodeClass, NodePool and Deployment name the same version', () => {
  const [{ text } = { text: '' }] = renderManifests(versionedManifests('snap-1'))
  expect(text.split(classOf('snap-1'))).toHaveLength(5)
  expect(text).not.toContain('${')
})

test('what is read again is what was written, also by a parser of YAML 1.1', () => {
  const value = fc.oneof(
    fc.string(),
    fc.constantFrom('yes', 'on', 'null', '0400', '1e3', '22:30', '~', '2026-11-24', '- a', 'a: b', '0x1F', '1_000'),
  )
  fc.assert(
    fc.property(value, (text) => {
      const [manifest] = readManifests([{ path: 'a.yaml', text: `${head}a }\ndata: { x: "\${A}" }\n` }], { A: text })
      if (manifest === undefined) throw new Error('No manifest')
      const [again] = readManifests(
        renderManifests([manifest]).map((file) => ({ ...file, text: file.text.replaceAll('${', () => '$${') })),
        {},
      )
      expect(again?.document).toEqual(manifest.document)
    }),
  )
})
