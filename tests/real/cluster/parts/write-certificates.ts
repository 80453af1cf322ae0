import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Paths of a cluster's keys and certificates. */
export interface Certificates {
  readonly authority: string
  readonly server: KeyPair
  /** Signs the tokens of service accounts. */
  readonly serviceAccounts: KeyPair
  /** Of a client, by its common name; the organization is its group. */
  client(commonName: string, organization?: string): KeyPair
}

export interface KeyPair {
  readonly key: string
  /** A certificate; for service accounts, the public key. */
  readonly certificate: string
}

/** Makes a cluster's keys with openssl. They are worth nothing outside of the folder. */
export function writeCertificates(folder: string): Certificates {
  const openssl = (...args: readonly string[]) => execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-noenc']
  openssl('req', '-x509', ...newKey, '-keyout', 'ca.key', '-out', 'ca.crt', '-subj', '/CN=cluster', '-days', '2')

  const issue = (name: string, subject: string, extension: string): KeyPair => {
    const [key, request, certificate, extensions] = ['key', 'csr', 'crt', 'ext'].map((end) => `${name}.${end}`) as [
      string,
      string,
      string,
      string,
    ]
    writeFileSync(join(folder, extensions), extension)
    openssl('req', '-new', ...newKey, '-keyout', key, '-out', request, '-subj', subject)
    const signed = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', extensions]
    openssl('x509', '-req', '-in', request, ...signed, '-out', certificate)
    return { key: join(folder, key), certificate: join(folder, certificate) }
  }
  openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', 'sa.key')
  openssl('ec', '-in', 'sa.key', '-pubout', '-out', 'sa.pub')
  return {
    authority: join(folder, 'ca.crt'),
    server: issue('server', '/CN=kube-apiserver', 'subjectAltName=IP:127.0.0.1,IP:10.96.0.1,DNS:kubernetes.default.svc'),
    serviceAccounts: { key: join(folder, 'sa.key'), certificate: join(folder, 'sa.pub') },
    client: (commonName, organization) =>
      issue(
        commonName.replaceAll(':', '-'),
        `${organization === undefined ? '' : `/O=${organization}`}/CN=${commonName}`,
        'extendedKeyUsage=clientAuth',
      ),
  }
}
