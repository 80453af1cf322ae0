import { expect, test } from '@jest/globals'
import { hubEndpoint, huggingFaceHub } from '../src/index.ts'

test.each<[given: string | undefined, variable: string | undefined, endpoint: string]>([
  [undefined, undefined, 'https://huggingface.co'],
  ['', '', 'https://huggingface.co'],
  [undefined, 'https://hf-mirror.com', 'https://hf-mirror.com'],
  ['https://hub.example.com/', 'https://hf-mirror.com', 'https://hub.example.com'],
  [undefined, ' https://hub.example.com:8443/ ', 'https://hub.example.com:8443'],
  ['https://corp.jfrog.io/artifactory/api/huggingfaceml/hub/', undefined, 'https://corp.jfrog.io/artifactory/api/huggingfaceml/hub'],
  [undefined, 'https://nexus.example.com/repository/hf-proxy', 'https://nexus.example.com/repository/hf-proxy'],
  ['http://127.0.0.1:8080', undefined, 'http://127.0.0.1:8080'],
  [undefined, 'http://localhost:8080/', 'http://localhost:8080'],
  ['http://[::1]:8080', undefined, 'http://[::1]:8080'],
])('hub-endpoint %j and HF_ENDPOINT %j: %s', (given, variable, endpoint) => {
  expect(hubEndpoint(given, { HF_ENDPOINT: variable })).toBe(endpoint)
})

test.each([
  ['hf-mirror.com', 'is not a web address. Write `https://hf-mirror.com`.'],
  ['hf-mirror.com/models', 'is not a web address. Write `https://hf-mirror.com/models`.'],
  ['hf-mirror', 'is not a web address. Write `https://huggingface.co`.'],
  ['https:/hf-mirror.com', 'is not a web address.'],
  ['ftp://hf-mirror.com', 'is not a web address.'],
  ['https://', 'is not a web address.'],
  ['https://hub.example.com:99999', 'is not a web address.'],
  ['https://hub.example.com/?a=b', 'has more than a host and a path. Write `https://hub.example.com/`.'],
  ['https://hub.example.com/x#y', 'has more than a host and a path.'],
  ['http://hub.example.com', 'is not encrypted'],
  ['http://hub.example.com/hf/', 'Write `https://hub.example.com/hf`.'],
  ['http://10.0.0.1:8080', 'is not encrypted'],
  ['http://127.0.0.1.example.com', 'is not encrypted'],
])('%s is refused by the name that it was given under', (text, says) => {
  for (const [given, variable, name] of [
    [text, undefined, 'hub-endpoint'],
    [undefined, text, 'HF_ENDPOINT'],
  ] as const) {
    const read = () => hubEndpoint(given, { HF_ENDPOINT: variable })
    expect(read).toThrow(says)
    const problems = [expect.objectContaining({ code: 'hub-endpoint-malformed', input: name, wrong: expect.stringContaining(text) })]
    expect(read).toThrow(expect.objectContaining({ problems }))
  }
})

test.each([
  'https://robot:s3cret@hub.example.com',
  'robot:s3cret@hub.example.com',
  'https://s3cret@hub.example.com/x',
  'https://hub.example.com/s3cret@x',
])('a name or password is refused without being quoted: %s', (text) => {
  const read = () => hubEndpoint(text, {})
  expect(read).toThrow(expect.objectContaining({ errorCode: 'hub-endpoint-malformed' }))
  expect(read).not.toThrow(/s3cret|robot/)
  expect(() => huggingFaceHub({ endpoint: text })).toThrow('`hub-endpoint`')
})
