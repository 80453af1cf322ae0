import { expect, test } from '@jest/globals'
import { formatImageReference, parseImageReference, type ImageReference } from '../src/image-reference.ts'

const digest = `sha256:${'0a'.repeat(32)}`

test.each([
  ['vllm/vllm-openai:v0.11.0', 'docker.io/vllm/vllm-openai:v0.11.0'],
  ['python:3.12', 'docker.io/library/python:3.12'],
  ['docker.io/python:3.12', 'docker.io/library/python:3.12'],
  ['ghcr.io/owner/name/deep:1', 'ghcr.io/owner/name/deep:1'],
  ['127.0.0.1:5000/vllm/vllm-openai:v1', '127.0.0.1:5000/vllm/vllm-openai:v1'],
  ['localhost/name:v1', 'localhost/name:v1'],
  [`quay.io/a/b@${digest}`, `quay.io/a/b@${digest}`],
  [`quay.io/a/b:v1@${digest}`, `quay.io/a/b:v1@${digest}`],
])('%s is normalised as containerd does it', (text, full) => {
  expect(formatImageReference(parseImageReference(text) as ImageReference)).toBe(full)
})

test.each([
  ['vllm/vllm-openai:latest', 'latest'],
  ['vllm/vllm-openai', 'neither tag nor digest'],
  ['127.0.0.1:5000/a', 'neither tag nor digest'],
  ['Vllm/Vllm:v1', 'not an image reference'],
  ['a//b:v1', 'not an image reference'],
  ['', 'not an image reference'],
  ['a/b:-x', 'malformed tag'],
  ['a/b@sha256:12', 'malformed digest'],
  [`a/b@${digest}@${digest}`, 'malformed digest'],
])('%s is refused', (text, wrong) => {
  expect(parseImageReference(text)).toEqual({ wrong: expect.stringContaining(wrong) })
})
