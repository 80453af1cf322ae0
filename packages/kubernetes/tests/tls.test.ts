import { afterAll, expect, test } from '@jest/globals'
import { PrebakeError } from '@prebake/kernel'
import { openCertificates } from '@prebake/simulator/proxy'
import { connectCluster } from '../src/index.ts'
import { kubeconfigText } from './kubeconfig-text.ts'
import { answerJson, scriptedServer, type Script } from './scripted-server.ts'

const { signal } = new AbortController()
const { pem, data, serverTls, makeAuthority, makeCertificate, remove } = openCertificates()
afterAll(remove)

makeAuthority('ca')
makeAuthority('other-ca')
makeCertificate('server', 'ca', 'IP:127.0.0.1')
makeCertificate('elsewhere', 'ca', 'DNS:elsewhere.test')
makeCertificate('client', 'ca', 'DNS:client.test')

const tell: Script = (_, response) => answerJson(response, { gitVersion: 'v1.36.3' })

async function versionAt(url: string, cluster: object, user: object = {}): Promise<string> {
  const connection = await connectCluster({ kubeconfig: kubeconfigText(url, { cluster, user }) })
  return connection.cluster.version(signal)
}

test('the authority of the kubeconfig is trusted, with a client certificate where there is one', async () => {
  await using api = await scriptedServer(tell, { ...serverTls('server'), ca: pem('ca.pem'), requestCert: true, rejectUnauthorized: true })
  const user = { token: '', 'client-certificate-data': data('client.pem'), 'client-key-data': data('client.key') }
  expect(await versionAt(api.url, { 'certificate-authority-data': data('ca.pem') }, user)).toBe('v1.36.3')
})

test.each([
  ['another authority', 'server', () => ({ 'certificate-authority-data': data('other-ca.pem') }), /UNABLE_TO_VERIFY_LEAF_SIGNATURE/],
  ['no authority', 'server', () => ({}), /UNABLE_TO_VERIFY_LEAF_SIGNATURE/],
  ['another name', 'elsewhere', () => ({ 'certificate-authority-data': data('ca.pem') }), /ERR_TLS_CERT_ALTNAME_INVALID/],
  ['an authority that is no certificate', 'server', () => ({ 'certificate-authority-data': btoa('x') }), /UNABLE_TO_VERIFY_LEAF_SIGNATURE/],
])('%s: refused once, with what to do', async (_, certificate, cluster, code) => {
  await using api = await scriptedServer(tell, serverTls(certificate))
  const error: unknown = await versionAt(api.url, cluster()).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(PrebakeError)
  const { message, hint } = error as PrebakeError
  expect(message).toMatch(new RegExp(`^Connect to ${api.url}: the TLS connection failed: .*${code.source}`))
  expect(message).not.toContain('--use-system-ca')
  expect(hint).toMatch(/certificate-authority-data/)
  expect(api.requests).toHaveLength(0)
})

test('a client key that is none is named', async () => {
  const user = { token: '', 'client-certificate-data': data('client.pem'), 'client-key-data': btoa('x') }
  await expect(versionAt('https://127.0.0.1:1', {}, user)).rejects.toThrow(/^Connect to .*: the TLS connection failed: .*ERR_OSSL_/)
})

test('another name is accepted where the kubeconfig says so, and any certificate where it waives the check', async () => {
  await using api = await scriptedServer(tell, serverTls('elsewhere'))
  const authority = { 'certificate-authority-data': data('ca.pem') }
  expect(await versionAt(api.url, { ...authority, 'tls-server-name': 'elsewhere.test' })).toBe('v1.36.3')
  expect(await versionAt(api.url, { 'insecure-skip-tls-verify': true })).toBe('v1.36.3')
})

test('requests share a connection', async () => {
  let connections = 0
  await using api = await scriptedServer((_, response) => {
    const { socket } = response
    if (socket && !('seen' in socket)) connections += 1
    Object.assign(socket ?? {}, { seen: true })
    answerJson(response, { gitVersion: 'v1.36.3' })
  }, serverTls('server'))
  const { cluster } = await connectCluster({
    kubeconfig: kubeconfigText(api.url, { cluster: { 'certificate-authority-data': data('ca.pem') } }),
  })
  for (let n = 0; n < 3; n++) await cluster.version(signal)
  expect(connections).toBe(1)
})
