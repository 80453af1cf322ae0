import { expect, test } from '@jest/globals'
import { unknown, type Setting } from '../src/subject/environment.ts'
import { serveArguments } from '../src/subject/serve-arguments.ts'
import { readShell } from '../src/subject/shell-script.ts'

const shell = (script: string, env: object[] = []) => ({ command: ['/bin/bash', '-ec'], args: [script], env })
const literal = (name: string, value: string) => ({ name, value })

test.each<[title: string, container: object, model: Setting, flags: Readonly<Record<string, Setting>>]>([
  ['a command', { command: ['vllm', 'serve'], args: ['/m', '--a=1', '--b', '2', '--c'] }, '/m', { a: '1', b: '2', c: '' }],
  ['an absolute path', { command: ['/usr/bin/vllm', 'serve', 'a/b'] }, 'a/b', { a: undefined }],
  [
    'the module, and its flag for the model',
    { command: ['python3', '-m', 'vllm.entrypoints.openai.api_server'], args: ['--model', 'a/b'] },
    'a/b',
    { model: 'a/b' },
  ],
  [
    'the entrypoint of its image',
    { image: 'vllm/vllm-openai:v1', args: ['--model=a/b', '--load_format=hf'] },
    'a/b',
    { 'load-format': 'hf' },
  ],
  ['an image whose entrypoint is vllm', { image: 'vllm/vllm-tpu@sha256:0', args: ['serve', 'a/b'] }, 'a/b', {}],
  ['a shell', shell('prefetch & exec vllm serve /m --config-format=hf'), '/m', { 'config-format': 'hf' }],
  ['a flag twice', { command: ['vllm', 'serve'], args: ['--a=1', '--a=2'] }, undefined, { a: '2' }],
  ['continued lines', shell('exec vllm serve \\\n    /m \\\r\n  --port 80 # as ever\n'), '/m', { port: '80' }],
  ['quotes', shell(`vllm serve "/m" --served-model-name 'a b' --port="80"`), '/m', { port: '80', 'served-model-name': 'a b' }],
  ['one of several commands', shell('set -euo pipefail\nmkdir -p /x && vllm serve /m > /log 2>&1 &\nwait'), '/m', { wait: undefined }],
  [
    'a switch before the model',
    { command: ['vllm', 'serve', '--enable-prefix-caching', '/m', '-tp', '2'] },
    '/m',
    { 'tensor-parallel-size': '2' },
  ],
  [
    'a switch with a value',
    { command: ['vllm', 'serve', '--enable-chunked-prefill', 'false', '/m'] },
    '/m',
    { 'enable-chunked-prefill': 'false' },
  ],
  ['a list before the model', { command: ['vllm', 'serve', '--served-model-name', 'a', 'b', '--model', '/m'] }, '/m', {}],
  [
    'the kubelet’s variables',
    { command: ['vllm', 'serve', '$(M)', '--port=$(P)', '$$(M)'], env: [literal('M', '/m')] },
    '/m',
    { port: '$(P)' },
  ],
  ['variables of variables', { command: ['vllm', 'serve', '$(M)'], env: [literal('A', '/x'), literal('M', '$(A)/m')] }, '/x/m', {}],
  [
    'the shell’s variables',
    shell('M=/m\nvllm serve "$M" ${MORE:---port=80} $FLAGS', [literal('FLAGS', '-tp 2  -pp 3')]),
    '/m',
    {
      port: '80',
      'tensor-parallel-size': '2',
      'pipeline-parallel-size': '3',
    },
  ],
  [
    'a variable from a ConfigMap',
    { command: ['vllm', 'serve', '$(M)'], env: [{ name: 'M', valueFrom: { configMapKeyRef: {} } }] },
    unknown,
    { port: unknown },
  ],
  ['the output of a command', shell('vllm serve "$(cat /model)" --port `cat /port`'), unknown, {}],
  [
    'a value from a ConfigMap',
    { command: ['vllm', 'serve', '/m', '--port=$(P)'], envFrom: [{}] },
    '/m',
    { port: unknown, 'load-format': undefined },
  ],
  ['a file of arguments', { command: ['vllm', 'serve', '--config', '/c.yaml'] }, unknown, { port: unknown, config: '/c.yaml' }],
])('vLLM is started by %s', (_title, container, model, flags) => {
  const read = serveArguments(container)
  expect(read?.model).toBe(model)
  for (const [name, value] of Object.entries(flags)) expect([name, read?.flag(name)]).toEqual([name, value])
})

test.each([
  { command: ['sleep', '1'] },
  { image: 'vllm/vllm-openai', command: ['sleep'] },
  { image: 'busybox' },
  { image: 'ghcr.io/a/vllm-router:v1' },
  { image: 'vllm.example/proxy:v1' },
  shell('echo "vllm serve /m"'),
  {},
])('%j starts no vLLM', (container) => expect(serveArguments(container)).toBeUndefined())

test('what the script sets is the server’s environment', () => {
  const read = serveArguments(
    shell('export HF_HOME=/a PORT=$(port)\nHF_HUB_OFFLINE=1 X="$OUT" vllm serve /m', [literal('HF_HOME', '/b'), literal('OUT', 'o')]),
  )
  const names = ['HF_HOME', 'HF_HUB_OFFLINE', 'X', 'PORT', 'OTHER']
  expect(names.map((name) => read?.environment(name))).toEqual(['/a', '1', 'o', unknown, undefined])
})

test.each<[script: string, commands: string[][]]>([
  ['a b; c', [['a', 'b'], ['c']]],
  [`a 'x y'"z\\"" \\$b`, [['a', 'x yz"', '$b']]],
  ['a "" b', [['a', '', 'b']]],
  ['a 2>&1 >> out <in b', [['a', 'b']]],
  ['(a) | b || c', [['a'], ['b'], ['c']]],
  ['a#b #c', [['a#b']]],
  ['a $', [['a', '$']]],
  ["a 'unfinished", [['a', 'unfinished']]],
  ['', []],
])('the commands of %j', (script, commands) => {
  expect(readShell(script, () => undefined).map(({ words }) => words.map(({ text }) => text))).toEqual(commands)
})
