import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { buildWhole, cacheFolder } from '../build-programs.ts'
import { venv } from '../prepare.ts'
import { writeRegistry } from './write-registry.ts'

const recipe = join(import.meta.dirname, 'image')
const writer = join(import.meta.dirname, 'model/write_model.py')

/** The image's name at its registry. */
export const imageName = 'vllm/vllm-openai-cpu'
export const imageTag = 'v0.32.0'

/** Hidden sizes: one whose files are 10 MB, and one whose weights take seconds to read. */
const models = { tiny: 256, larger: 2048 } as const

/** What serves, and what is served. */
export interface Served {
  /** Storage of a registry that has the image `imageName:imageTag`. */
  readonly registry: string
  /** Folder with a model's files. */
  model(name: keyof typeof models): string
}

/**
 * Builds the image of vLLM for the CPU and, with its Python, the models. The first build downloads 3 GB and needs 10 GB of disk for a while; 3 GB stay.
 */
export function buildServed(): Served {
  const folder = servedFolder()
  buildWhole(folder, (building) => {
    console.error(`Build the image ${imageName}:${imageTag} and the models it serves`)
    const env = { ...process.env, PATH: `${join(venv, 'bin')}:${process.env['PATH']}` }
    // What debootstrap mounts goes with it, however it ends.
    execFileSync('unshare', ['--mount', join(recipe, 'build-root.sh'), building], { env, stdio: 'inherit' })
    writeModels(building)
    const file = join(building, 'layer')
    const digests = execFileSync(join(recipe, 'write-layer.sh'), [join(building, 'root'), file], { encoding: 'utf8' })
    const [digest = '', unpackedDigest = ''] = digests.trim().split('\n')
    const config = { Env: environment, Entrypoint: ['vllm', 'serve'] }
    writeRegistry(join(building, 'registry'), { name: imageName, tag: imageTag, layer: { file, digest, unpackedDigest }, config })
    rmSync(join(building, 'root'), { recursive: true })
  })
  return { registry: join(folder, 'registry'), model: (name) => join(folder, 'models', name) }
}

/** Where it lies, once it has been built. */
export function servedFolder(): string {
  const hash = createHash('sha256').update(JSON.stringify([imageName, imageTag, models, environment]))
  for (const file of [writer, ...readdirSync(recipe).map((name) => join(recipe, name))]) hash.update(readFileSync(file))
  return join(cacheFolder, 'vllm', hash.digest('hex').slice(0, 16))
}

/** In the image's own Python. The tokenizer learns from the recipe's texts. */
function writeModels(building: string): void {
  const root = join(building, 'root')
  const place = join(root, 'models')
  mkdirSync(place)
  cpSync(writer, join(place, 'write_model.py'))
  cpSync(join(recipe, 'requirements.txt'), join(place, 'requirements.txt'))
  for (const [name, hiddenSize] of Object.entries(models)) {
    const documents = ['/models/write_model.py', '/models/requirements.txt']
    execFileSync('chroot', [root, 'python3', '/models/write_model.py', `/models/${name}`, String(hiddenSize), ...documents], {
      env: { PATH: '/usr/sbin:/usr/bin:/bin', HOME: '/root', CUDA_VISIBLE_DEVICES: '' },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
  }
  renameSync(place, join(building, 'models'))
}

/** What vLLM for the CPU needs besides what the Deployment says. */
const environment = [
  'PATH=/usr/local/bin:/usr/bin:/bin',
  'VLLM_CPU_KVCACHE_SPACE=1',
  'VLLM_CPU_OMP_THREADS_BIND=nobind',
  // Its bytecode is in the image.
  'PYTHONDONTWRITEBYTECODE=1',
]
