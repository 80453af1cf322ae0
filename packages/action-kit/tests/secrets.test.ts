import { expect, test } from '@jest/globals'
import { asStep } from '@prebake/action-kit/testing'
import { kubeconfigOf, maskSecret, registrySecrets } from '../src/index.ts'

const kubeconfig = `apiVersion: v1
kind: Config
current-context: prod
clusters:
  - name: prod
    cluster: { server: 'https://api.example', certificate-authority-data: cHVibGlj }
contexts:
  - name: prod
    context: { cluster: prod, user: deploy, namespace: default }
users:
  - name: deploy
    user:
      token: k8s-token-123
  - name: certificate
    user:
      client-certificate-data: Y2VydGlmaWNhdGU=
      client-key-data: >-
        cHJpdmF0ZSBrZXk=
  - name: basic
    user: { username: admin, password: 00123456 }
  - name: command
    user:
      exec:
        apiVersion: client.authentication.k8s.io/v1
        command: vault
        args: [login]
        env:
          - { name: VAULT_TOKEN, value: hvs.secret }
          - { name: AWS_REGION, value: us-west-2 }
          - { name: AWS_PROFILE, value: production }
          - { name: DEBUG, value: 'true' }
        interactiveMode: Never
  - name: trivial
    user: { token: default, password: abc }
`

const masked = ['k8s-token-123', 'Y2VydGlmaWNhdGU=', 'cHJpdmF0ZSBrZXk=', '00123456', 'hvs.secret']
const commands = (secrets: readonly string[]) => secrets.map((secret) => `::add-mask::${secret}\n`).join('')

test.each([
  ['as YAML', kubeconfig, masked],
  ['with the line ends of Windows', kubeconfig.replaceAll('\n', '\r\n'), masked],
  ['cut off in the middle', kubeconfig.slice(0, kubeconfig.indexOf('        cHJp')), masked.slice(0, 2)],
  ['as JSON on one line', '{"users":[{"name":"a","user":{"token":"k8s-token-123"}}],"kind":"Config"}', ['k8s-token-123']],
  ['as YAML on one line', 'users: [{ name: a, user: { token: k8s-token-123 } }]', ['k8s-token-123']],
  ['with an anchor', 'x: &t k8s-token-123\nusers: [{ user: { token: *t } }]', ['k8s-token-123']],
  ['as a path', '/home/runner/.kube/token: config', []],
])('of a kubeconfig %s the values of its secrets are masked, and nothing else', (_title, text, secrets) => {
  const step = asStep({}, () => kubeconfigOf(text, {}))
  expect(step.result()).toBe(text)
  expect(step.log).toBe(commands(secrets))
})

test('a text that KUBECONFIG gives is masked too, and a missing kubeconfig is an error', () => {
  expect(asStep({}, () => kubeconfigOf(undefined, { KUBECONFIG: kubeconfig })).log).toBe(commands(masked))
  expect(asStep({}, () => kubeconfigOf('', {})).result).toThrow(expect.objectContaining({ errorCode: 'kubeconfig-missing' }))
})

const auth = Buffer.from('octocat:hunter2:x').toString('base64')

test.each([
  ['as people write them', '{"ghcr.io": {"username": "octocat", "password": "hunter2"}}', ['hunter2']],
  ['pretty-printed, of docker', JSON.stringify({ auths: { 'ghcr.io': { auth } } }, undefined, 2), [auth, 'hunter2:x']],
  ['with an identity token', '{"auths": {"a.azurecr.io": {"auth": "", "identitytoken": "eyJhbGciOi"}}}', ['', 'eyJhbGciOi']],
  ['broken: a comma too much', '{\n  "ghcr.io": {\n    "password": "hunter2",\n  },\n},', ['hunter2']],
  ['of an unknown form', 'octocat:hunter2', ['octocat:hunter2']],
])('of credentials %s only the secrets', (_title, text, secrets) => {
  expect(registrySecrets(text)).toEqual(secrets)
})

test.each(['', ' ', 'abc', 'true', 'False', 'default', 'null', '{', '},', '----', '}]}]'])('%j is not masked', (text) => {
  expect(asStep({}, () => maskSecret(text)).log).toBe('')
})

test('a secret of several lines is masked line by line', () => {
  expect(asStep({}, () => maskSecret('first\r\n  second\n}\n')).log).toBe(commands(['first', 'second']))
})

test('in a terminal no secret is written, since no runner would mask it', () => {
  expect(asStep({ GITHUB_ACTIONS: '' }, () => maskSecret('hunter2')).log).toBe('')
})
