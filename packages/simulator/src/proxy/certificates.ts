import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Certificates of a test, made by openssl in a folder of their own. */
export function openCertificates() {
  const folder = mkdtempSync(join(tmpdir(), 'prebake-tls-'))
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  const pem = (name: string) => readFileSync(join(folder, name))
  return {
    pem,
    data: (name: string) => pem(name).toString('base64'),
    /** For a server of Node's. */
    serverTls: (name: string) => ({ key: pem(`${name}.key`), cert: pem(`${name}.pem`) }),
    makeAuthority: (name: string): void => {
      openssl('req', '-x509', ...newKey, '-days', '1', '-subj', `/CN=${name}`, '-keyout', `${name}.key`, '-out', `${name}.pem`)
    },
    makeCertificate: (name: string, authority: string, subjectAltName: string): void => {
      openssl('req', '-new', ...newKey, '-subj', `/CN=${name}`, '-keyout', `${name}.key`, '-out', `${name}.csr`)
      writeFileSync(join(folder, `${name}.ext`), `subjectAltName=${subjectAltName}\n`)
      const signed = ['-CA', `${authority}.pem`, '-CAkey', `${authority}.key`, '-CAcreateserial', '-days', '1']
      openssl('x509', '-req', '-in', `${name}.csr`, ...signed, '-extfile', `${name}.ext`, '-out', `${name}.pem`)
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
