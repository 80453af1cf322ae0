import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'

export interface ProxyOptions {
  /** The server of every tunnel, or of the tunnel to each host: a name that no resolver knows can stand for it. */
  readonly to?: string | Readonly<Record<string, string>>
  /** What CONNECT must bring in Proxy-Authorization: `name:password`. */
  readonly login?: string
  /** Sent in place of every tunnel: `403 Forbidden`. */
  readonly answer?: string
  /** Sent for what is to be passed on without a tunnel. */
  readonly plain?: string
}

export interface RunningProxy extends AsyncDisposable {
  readonly port: number
  /** The hosts of the tunnels that were asked for, and the addresses of what was to be passed on in the clear. */
  readonly asked: readonly string[]
  readonly headers: readonly IncomingHttpHeaders[]
}

/** A proxy on 127.0.0.1 (RFC 9110, CONNECT). A tunnel to a host that it does not know gets no answer. */
export async function startProxy({ to = {}, login, answer, plain = '' }: ProxyOptions): Promise<RunningProxy> {
  const asked: string[] = []
  const headers: IncomingHttpHeaders[] = []
  const sockets = new Set<Duplex>()
  const wanted = login === undefined ? undefined : `Basic ${Buffer.from(login).toString('base64')}`
  const serverOf = (host: string) => (typeof to === 'string' ? to : to[host])
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    headers.push(request.headers)
    response.end(plain)
  })
  server.on('connect', (request, socket: Duplex) => {
    asked.push(request.url ?? '')
    headers.push(request.headers)
    sockets.add(socket.on('error', () => undefined))
    const allowed = wanted === undefined || request.headers['proxy-authorization'] === wanted
    const refusal = allowed ? answer : '407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="proxy"'
    if (refusal !== undefined) return void socket.end(`HTTP/1.1 ${refusal}\r\n\r\n`)
    const upstreamUrl = serverOf(request.url?.replace(/:\d+$/, '') ?? '')
    if (upstreamUrl === undefined) return
    const upstream = connect(Number(new URL(upstreamUrl).port), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      socket.pipe(upstream).pipe(socket)
    })
    sockets.add(upstream.on('error', () => undefined))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    headers,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

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
