import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { huggingFaceHub } from '../../packages/huggingface/src/index.ts'
import { hostScripts } from '../../packages/snapshot/src/host-scripts.ts'
import { addressLine, recipeLines } from '../../packages/snapshot/src/builder/plan-lines.ts'
import type { ModelFile, ModelListing } from '../../packages/snapshot/src/index.ts'
import { venv } from '../../tests/real/prepare.ts'
import { measureProcess, type Measured } from './measure-process.ts'

export interface Download {
  readonly endpoint: string
  readonly token: string
  readonly listing: ModelListing
  readonly files: readonly ModelFile[]
}

export interface Contestant {
  readonly name: string
  /** Downloads all files into an empty folder. */
  readonly run: (download: Download, folder: string) => Promise<Measured>
}

/** Ours first. Only ours, and the last, look at every digest. */
export const contestants: readonly Contestant[] = [
  { name: 'host/work.sh, with every digest', run: runWorker },
  { name: 'hf download', run: runHf },
  { name: 'curl, one file after the other', run: (download, folder) => runCurl(download, folder, '') },
  { name: 'the same curl, then sha256sum', run: (download, folder) => runCurl(download, folder, '; sha256sum -- *') },
]

/** The worker as it runs on a builder, with a plan that is there from the beginning. It ends itself by a signal, and leaves its verdict in a file. */
async function runWorker({ endpoint, token, listing, files }: Download, folder: string): Promise<Measured> {
  const work = join(folder, 'work')
  const host = join(folder, 'host')
  for (const path of ['bin', 'plan', 'state']) mkdirSync(join(work, path), { recursive: true })
  mkdirSync(join(host, 'mnt/models'), { recursive: true })
  for (const [name, text] of Object.entries(hostScripts())) writeFileSync(join(work, 'bin', name), text)
  const hub = huggingFaceHub({ endpoint, token })
  const recipe = {
    model: listing.model,
    commit: listing.commit,
    files,
    images: [],
    architecture: 'x86_64',
    snapshotter: 'overlayfs',
  } as const
  const lines = recipeLines(recipe, 'main')
  for (const [index, file] of files.entries()) {
    const source = await hub.locate(listing, file, AbortSignal.timeout(60_000))
    if (source.kind === 'address') lines.push(addressLine(index, source.url))
  }
  for (const line of lines) {
    const [kind = '', ...fields] = line.split('\t')
    writeFileSync(join(work, 'plan', kind === 'model' ? kind : `${kind}.${fields[0]}`), `${fields.join('\t')}\n`)
  }
  const env = { PATH: process.env['PATH'] ?? '', PREBAKE_WORK: work, PREBAKE_HOST_ROOT: host }
  return measureProcess('bash', [join(work, 'bin/work.sh')], env, () => existsSync(join(work, 'state/result')))
}

/** By HTTP, as the others: the hub here has no Xet store. */
function runHf({ endpoint, token, listing, files }: Download, folder: string): Promise<Measured> {
  const hf = join(venv, 'bin/hf')
  if (!existsSync(hf)) throw new Error('bench download: the real Hugging Face client is not here. `pnpm test:real` installs it.')
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    HF_HOME: folder,
    HF_ENDPOINT: endpoint,
    HF_TOKEN: token,
    HF_HUB_DISABLE_PROGRESS_BARS: '1',
    HF_HUB_DISABLE_XET: '1',
  }
  return measureProcess(hf, ['download', listing.model, ...files.map(({ path }) => path)], env)
}

function runCurl({ endpoint, token, listing, files }: Download, folder: string, then: string): Promise<Measured> {
  const urls = files.map(({ path }) => `-O ${endpoint}/${listing.model}/resolve/${listing.commit}/${path}`).join(' ')
  const script = `cd "$FOLDER" && curl -sS -f -L --oauth2-bearer ${token} ${urls} ${then}`
  return measureProcess('bash', ['-c', script], { PATH: process.env['PATH'] ?? '', FOLDER: folder })
}
