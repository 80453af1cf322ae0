import { versions } from '@prebake/versions'
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { venv } from '../prepare.ts'
import { freePort } from '../free-port.ts'

export const region = 'us-west-2'
export const instanceProfile = 'prebake-builder'
/** moto's own account. */
export const account = '123456789012'

const { bottlerocket: version, kubernetes } = versions
const bottlerocket = { version, build: `${version}-b1e29d64`, imageId: 'ami-0b1e29d64b1e29d64' }

export interface Moto {
  readonly url: string
  stop(): Promise<void>
}

/** Starts moto's server on 127.0.0.1, with one Bottlerocket image, of the release that is baked by default. `folder` takes its log. */
export async function startMoto(folder: string): Promise<Moto> {
  const port = await freePort()
  const images = join(folder, 'amis.json')
  writeFileSync(images, JSON.stringify([machineImage]))
  const program = [join(venv, 'bin/python'), join(import.meta.dirname, 'launch_moto.py')]
  // moto ends with this process, however that ends.
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', ...program, String(port), region, instanceProfile, JSON.stringify(parameters())], {
    env: { PATH: '/usr/bin:/bin', HOME: folder, MOTO_AMIS_PATH: images, AWS_DEFAULT_REGION: region },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let words = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (words = `${words}${text}`.slice(-3000)))
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const url = `http://127.0.0.1:${port}`
  for (let looks = 0; !(await answers(url)); looks++) {
    if (child.exitCode !== null || looks > 300) {
      child.kill('SIGKILL')
      throw new Error(`Start moto on ${url}: it does not answer. Its words: ${words}`)
    }
    await sleep(200)
  }
  return {
    url,
    async stop() {
      child.kill('SIGKILL')
      await gone
    },
  }
}

const machineImage = {
  ami_id: bottlerocket.imageId,
  name: `bottlerocket-aws-k8s-${kubernetes}-x86_64-v${bottlerocket.build}`,
  description: 'Bottlerocket',
  state: 'available',
  public: true,
  owner_id: '092701018921',
  image_location: 'amazon/bottlerocket',
  image_type: 'machine',
  sriov: 'simple',
  root_device_type: 'ebs',
  root_device_name: '/dev/xvda',
  architecture: 'x86_64',
  virtualization_type: 'hvm',
  hypervisor: 'xen',
}

/** What is published for the Kubernetes of the builder, and for GPU nodes of the real control plane. */
function parameters(): Record<string, string> {
  const folders = [kubernetes, '1.36-nvidia'].map((variant) => `/aws/service/bottlerocket/aws-k8s-${variant}/x86_64`)
  return Object.fromEntries(
    folders.flatMap((folder) =>
      ['latest', bottlerocket.version].flatMap((version) => [
        [`${folder}/${version}/image_id`, bottlerocket.imageId],
        [`${folder}/${version}/image_version`, bottlerocket.build],
      ]),
    ),
  )
}

async function answers(url: string): Promise<boolean> {
  return (await fetch(`${url}/moto-api/data.json`).catch(() => undefined))?.ok ?? false
}
