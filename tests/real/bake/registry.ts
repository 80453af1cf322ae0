import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../free-port.ts'

export interface RealRegistry {
  /** `127.0.0.1:<port>/vllm`. */
  readonly imageName: string
  /** Of the manifest, `sha256:…`. */
  readonly imageDigest: string
  stop(): Promise<void>
}

/** Starts Debian's docker-registry on 127.0.0.1 with one small image, `vllm:v1`, of two layers, made by umoci and pushed by skopeo. */
export async function startRegistry(folder: string): Promise<RealRegistry> {
  const port = await freePort()
  const config = join(folder, 'registry.yml')
  const storage = join(folder, 'registry')
  writeFileSync(config, `version: 0.1\nstorage: {filesystem: {rootdirectory: ${storage}}}\nhttp: {addr: '127.0.0.1:${port}'}\n`)
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', 'docker-registry', 'serve', config], { stdio: 'ignore' })
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()))
  await listening(port)
  const imageName = `127.0.0.1:${port}/vllm`
  makeImage(folder)
  const digestFile = join(folder, 'digest')
  execFileSync(
    'skopeo',
    [
      'copy',
      '-q',
      '--insecure-policy',
      '--dest-tls-verify=false',
      '--digestfile',
      digestFile,
      `oci:${folder}/image:v1`,
      `docker://${imageName}:v1`,
    ],
    { stdio: 'pipe' },
  )
  return {
    imageName,
    imageDigest: execFileSync('cat', [digestFile], { encoding: 'utf8' }).trim(),
    async stop() {
      child.kill('SIGKILL')
      await gone
    },
  }
}

/** What the image's own program says when it runs. */
export const imageSays = 'the image runs'

function makeImage(folder: string): void {
  const umoci = (...args: readonly string[]) => execFileSync('umoci', args, { cwd: folder, stdio: 'pipe' })
  umoci('init', '--layout', 'image')
  umoci('new', '--image', 'image:v1')
  umoci('unpack', '--image', 'image:v1', 'bundle')
  const bin = join(folder, 'bundle/rootfs/bin')
  mkdirSync(bin, { recursive: true })
  mkdirSync(join(folder, 'bundle/rootfs/mnt/models'), { recursive: true })
  cpSync('/usr/bin/busybox', join(bin, 'busybox'), { dereference: true })
  for (const name of ['sh', 'cat', 'sha256sum', 'echo']) symlinkSync('busybox', join(bin, name))
  umoci('repack', '--refresh-bundle', '--image', 'image:v1', 'bundle')
  writeFileSync(join(bin, 'serve'), `#!/bin/sh\necho '${imageSays}'\n`)
  chmodSync(join(bin, 'serve'), 0o755)
  umoci('repack', '--image', 'image:v1', 'bundle')
  umoci('config', '--image', 'image:v1', '--config.entrypoint', '/bin/serve')
}

async function listening(port: number): Promise<void> {
  for (let looks = 0; looks < 100; looks++) {
    const answer = await fetch(`http://127.0.0.1:${port}/v2/`).catch(() => undefined)
    if (answer?.ok) return
    await sleep(100)
  }
  throw new Error(`Start a registry on 127.0.0.1:${port}: it does not answer after 10 s. Run docker-registry by hand to see why.`)
}
