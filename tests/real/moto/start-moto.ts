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

const { bottlerocket: version } = versions
const bottlerocket = { version, build: `${version}-b1e29d64` }
/** Of the variant that is baked on, and of the one that GPU nodes boot. */
const imageIds = { '': 'ami-0b1e29d64b1e29d64', '-nvidia': 'ami-0b1e29d64b1e29d65' } as const

export interface Moto {
  readonly url: string
  stop(): Promise<void>
}

interface MotoOptions {
  /** Minor versions whose variants there are: that of the builder first. */
  readonly kubernetes?: readonly [string, ...string[]]
  /** The builder's instance profile that the account has. */
  readonly profile?: string
}

/** Starts moto's server on 127.0.0.1, with Bottlerocket's images, of the release that is baked by default. `folder` takes its log. */
export async function startMoto(
  folder: string,
  { kubernetes = [versions.kubernetes], profile = instanceProfile }: MotoOptions = {},
): Promise<Moto> {
  const port = await freePort()
  const images = join(folder, 'amis.json')
  writeFileSync(images, JSON.stringify(machineImages(kubernetes[0])))
  const program = [join(venv, 'bin/python'), join(import.meta.dirname, 'launch_moto.py')]
  // moto ends with this process, however that ends.
  const child = spawn(
    'setpriv',
    ['--pdeathsig', 'KILL', ...program, String(port), region, profile, JSON.stringify(parameters(kubernetes))],
    {
      env: { PATH: '/usr/bin:/bin', HOME: folder, MOTO_AMIS_PATH: images, AWS_DEFAULT_REGION: region },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  )
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

const machineImages = (kubernetes: string) =>
  Object.entries(imageIds).map(([suffix, imageId]) => ({
    ami_id: imageId,
    name: `bottlerocket-aws-k8s-${kubernetes}${suffix}-x86_64-v${bottlerocket.build}`,
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
  }))

function parameters(kubernetes: readonly string[]): Record<string, string> {
  const images = kubernetes.flatMap((minor) =>
    Object.entries(imageIds).flatMap(([suffix, imageId]) =>
      ['latest', version].map((release) => ({
        folder: `/aws/service/bottlerocket/aws-k8s-${minor}${suffix}/x86_64/${release}`,
        imageId,
      })),
    ),
  )
  return Object.fromEntries(
    images.flatMap(({ folder, imageId }) => [
      [`${folder}/image_id`, imageId],
      [`${folder}/image_version`, bottlerocket.build],
    ]),
  )
}

async function answers(url: string): Promise<boolean> {
  return (await fetch(`${url}/moto-api/data.json`).catch(() => undefined))?.ok ?? false
}
