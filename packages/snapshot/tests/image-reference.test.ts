import { expect, test } from '@jest/globals'
import { formatImageReference, type ImageReference } from '@prebake/image-reference'
import { parseImageReference } from '../src/image-reference.ts'

const digest = `sha256:${'0a'.repeat(32)}`

test.each([
  ['vllm/vllm-openai:v0.11.0', 'docker.io/vllm/vllm-openai:v0.11.0'],
  ['index.docker.io/vllm/vllm-openai:v0.11.0', 'docker.io/vllm/vllm-openai:v0.11.0'],
  ['index.docker.io/python:3.12', 'docker.io/library/python:3.12'],
  ['ghcr.io/owner/name/deep:1', 'ghcr.io/owner/name/deep:1'],
  ['127.0.0.1:5000/vllm/vllm-openai:v1', '127.0.0.1:5000/vllm/vllm-openai:v1'],
  ['[::1]:5000/vllm/vllm-openai:v1', '[::1]:5000/vllm/vllm-openai:v1'],
  ['localhost/name:v1', 'localhost/name:v1'],
  ['GHCR.IO/owner/name:v1', 'GHCR.IO/owner/name:v1'],
  [`quay.io/a/b@${digest}`, `quay.io/a/b@${digest}`],
  [`quay.io/a/b:v1@${digest}`, `quay.io/a/b:v1@${digest}`],
])('%s names a version', (text, full) => {
  expect(formatImageReference(parseImageReference(text) as ImageReference)).toBe(full)
})

test.each([
  ['vllm/vllm-openai:latest', 'latest'],
  [`vllm/vllm-openai:latest@${digest}`, 'latest'],
  ['vllm/vllm-openai', 'neither tag nor digest'],
  ['127.0.0.1:5000/a', 'neither tag nor digest'],
  ['Vllm/Vllm:v1', 'not an image reference'],
  ['Vllm/vllm:v1', 'starts with a capital letter'],
  ['a//b:v1', 'not an image reference'],
  ['', 'not an image reference'],
  ['a/b:-x', 'the tag is malformed'],
  ['a/b@sha256:12', 'the digest is malformed'],
  [`a/b@${digest}@${digest}`, 'the digest is malformed'],
  [`a/b@sha512:${'0a'.repeat(64)}`, 'not sha256'],
  ['0a'.repeat(32), 'the ID of an image'],
  [`ghcr.io/${'a'.repeat(256)}:v1`, 'more than 255 characters'],
  ['registry.example.com:abc/x:v1', 'not an image reference'],
  ['registry.example.com:99999/x:v1', 'an invalid registry'],
  ['[:::]/x:v1', 'an invalid registry'],
  ['127.1/x:v1', 'an invalid registry'],
  ['foo_bar.com/x:v1', 'an invalid registry'],
  ['ghcr..io/owner/name:v1', 'not an image reference'],
  ['ghcr.io?x=1/owner/name:v1', 'not an image reference'],
  ['host:/x:v1', 'not an image reference'],
])('%s is refused', (text, wrong) => {
  expect(parseImageReference(text)).toMatchObject({ wrong: expect.stringContaining(wrong) })
})

test.each([
  ['- docker.io/vllm/vllm-openai:v0.11.0', 'One per line, without a dash: `docker.io/vllm/vllm-openai:v0.11.0`.'],
  ['-foo.example.com/x:v1', 'One per line, without a dash: `foo.example.com/x:v1`.'],
  ['- "ghcr.io/a/b:v1"', 'One per line, without a dash: `ghcr.io/a/b:v1`.'],
  ['"ghcr.io/a/b:v1"', 'Leave out the quotes: `ghcr.io/a/b:v1`.'],
  ["'ghcr.io/a/b:v1',", 'One per line, without a comma: `ghcr.io/a/b:v1`.'],
  ['ghcr.io/a/b:v1,', 'One per line, without a comma: `ghcr.io/a/b:v1`.'],
  ['ghcr.io/a/b:v1, ghcr.io/a/c:v1', 'One per line: `ghcr.io/a/b:v1`.'],
  ['["ghcr.io/a/b:v1"]', 'One per line, without brackets: `ghcr.io/a/b:v1`.'],
  ['docker://docker.io/a/b:v1', 'Leave out the scheme: `docker.io/a/b:v1`.'],
  ['https://ghcr.io/a/b:v1', 'Leave out the scheme: `ghcr.io/a/b:v1`.'],
  ['image: ghcr.io/a/b:v1', 'Leave out the key: `ghcr.io/a/b:v1`.'],
  ['docker pull vllm/vllm-openai:v1', 'Leave out the command: `vllm/vllm-openai:v1`.'],
  ['ghcr.io/a/b:v1 # stable', 'Leave out the comment: `ghcr.io/a/b:v1`.'],
  ['ghcr.io/a/b:v1/', 'Leave out the slash at the end: `ghcr.io/a/b:v1`.'],
  [' ghcr.io/a/b:v1\t', 'Leave out the spaces: `ghcr.io/a/b:v1`.'],
  ['VLLM/vllm-openAI:v1-RC', 'Write it in lower case: `vllm/vllm-openai:v1-RC`.'],
  ['VLLM:1', 'Write it in lower case: `vllm:1`.'],
  ['https://hub.docker.com/r/vllm/vllm-openai/tags', 'This is a web page: write `docker.io/vllm/vllm-openai` and a tag.'],
])('%s: what was meant is said', (text, remedy) => {
  expect(parseImageReference(text)).toEqual({ wrong: `\`${text}\` is not an image reference.`, remedy })
})

test.each(['ghcr.io/a/b :v1', 'ghcr.io/a/$TAG', '${{ inputs.image }}', 'a b c'])('%s: nothing is guessed', (text) => {
  const refused = parseImageReference(text)
  expect(refused).toMatchObject({ wrong: expect.stringContaining('not an image reference') })
  expect(refused).not.toHaveProperty('remedy')
})

test.each([
  'https://robot:s3cret@ghcr.io/a/b:v1',
  'robot:s3cret@ghcr.io/a/b:v1',
  'docker://s3cret@ghcr.io/a/b:v1',
  'robot:s3/cret@ghcr.io/a/b',
])('%s: a password is not repeated', (text) => {
  const refused = parseImageReference(text)
  expect(refused).toMatchObject({ remedy: expect.stringContaining('registry-credentials') })
  expect(JSON.stringify(refused)).not.toMatch(/s3|robot/)
})
