import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RegistryLogin } from '../../../packages/snapshot/src/index.ts'
import type { RealNode } from './node/start-node.ts'
import { freePort } from '../free-port.ts'

/** The passwords, and what bcrypt makes of them, which is all that docker-registry knows of them. */
const users = {
  robot: { password: 'PlantedRegistryPassword0123456789', hash: '$2b$04$0AOvYAcapTcNCaXEUREv2u4Y5C7afXHmj7y.Ye/V2/IxSUD/mLcpa' },
  AWS: { password: 'PlantedEcrPassword0123456789abcdef', hash: '$2b$04$4LN2rJWchLItpbLJ2b2KXuqBDvZLpRFWPWljzJgsfpet2SXcHXGYK' },
} as const

export const robotLogin: RegistryLogin = { username: 'robot', password: users.robot.password }
export const ecrPassword = users.AWS.password
/** A name that only nodes which `knowEcr` had its way with can reach. */
export const ecrHost = '123456789012.dkr.ecr.us-west-2.amazonaws.com'

export interface PrivateRegistry {
  /** `127.0.0.1:<port>`, without TLS. */
  readonly host: string
  /** Makes a node reach the same registry as private ECR, on port 443 with TLS, and have the kubelet's credential plugin. */
  knowEcr(node: RealNode): Promise<void>
  stop(): Promise<void>
}

/** Starts Debian's docker-registry twice over the images in `folder`, so that reading needs a password (htpasswd, Basic): plain, and as ECR. */
export async function startPrivateRegistry(folder: string): Promise<PrivateRegistry> {
  const own = join(folder, 'private')
  mkdirSync(own)
  writeFileSync(
    join(own, 'htpasswd'),
    Object.entries(users)
      .map(([name, { hash }]) => `${name}:${hash}\n`)
      .join(''),
  )
  const subject = ['-subj', `/CN=${ecrHost}`, '-addext', `subjectAltName=DNS:${ecrHost}`]
  const files = ['-keyout', join(own, 'key.pem'), '-out', join(own, 'certificate.pem')]
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...subject, ...files], { stdio: 'pipe' })
  const port = await freePort()
  const tls = `, tls: {certificate: ${own}/certificate.pem, key: ${own}/key.pem}`
  const stops = [await serve(folder, port, '', 'plain'), await serve(folder, 443, tls, 'ecr')]
  return {
    host: `127.0.0.1:${port}`,
    knowEcr: (node) => knowEcr(node, own),
    stop: async () => void (await Promise.all(stops.map((stop) => stop()))),
  }
}

async function serve(folder: string, port: number, tls: string, title: string): Promise<() => Promise<void>> {
  const config = join(folder, 'private', `${title}.yml`)
  const lines = [
    'version: 0.1',
    `storage: {filesystem: {rootdirectory: ${folder}/registry}}`,
    `http: {addr: '127.0.0.1:${port}'${tls}}`,
    `auth: {htpasswd: {realm: prebake, path: ${folder}/private/htpasswd}}`,
  ]
  writeFileSync(config, `${lines.join('\n')}\n`)
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', 'docker-registry', 'serve', config], { stdio: ['ignore', 'ignore', 'pipe'] })
  let words = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (words = `${words}${text}`.slice(-2000)))
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()))
  for (let looks = 0; !(await accepts(port)); looks++) {
    if (looks > 100 || child.exitCode !== null) {
      child.kill('SIGKILL')
      throw new Error(`Start a registry on 127.0.0.1:${port}: it does not listen. Its words: ${words}`)
    }
    await sleep(100)
  }
  return async () => {
    child.kill('SIGKILL')
    await gone
  }
}

/** Whether something listens. */
function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true))
    socket.once('error', () => resolve(false)).once('connect', () => socket.end())
  })
}

/** All in the node's own mount namespace: what this machine has is bound over, not changed. */
async function knowEcr(node: RealNode, own: string): Promise<void> {
  const plugin = join(import.meta.dirname, '../../../packages/simulator/sandbox/ecr-credential-provider.sh')
  writeFileSync(join(node.folder, 'hosts'), `127.0.0.1 localhost ${ecrHost}\n`)
  const roots = '/etc/ssl/certs/ca-certificates.crt'
  writeFileSync(join(node.folder, 'roots.pem'), `${readFileSync(roots, 'utf8')}\n${readFileSync(join(own, 'certificate.pem'), 'utf8')}`)
  // The password stands in a file of the tmpfs, where on a real host the instance's role is.
  const program = ['#!/bin/bash', `export PREBAKE_SANDBOX_ECR_PASSWORD=${ecrPassword}`, `exec /bin/bash ${plugin}`, ''].join('\\n')
  const folder = '/usr/libexec/kubernetes/kubelet/plugins'
  const script = [
    'set -eu',
    `mount --bind ${node.folder}/hosts /etc/hosts`,
    `mount --bind ${node.folder}/roots.pem ${roots}`,
    'mount -t tmpfs tmpfs /usr/libexec',
    `mkdir -p ${folder}`,
    `printf '${program}' >${folder}/ecr-credential-provider`,
    `chmod 755 ${folder}/ecr-credential-provider`,
  ]
  const { code, output } = await node.enter('bash', '-c', script.join('\n'))
  if (code !== 0) throw new Error(`Make a node know ECR: ${output}`)
}
