/**
 * Stands for containerd's `ctr` on the host, run as a program. Knows `version` and, of images, pull, ls, check, tag, label and rm.
 * A pull really asks the registry for the manifest, waits as long as the layers would take, and keeps their sizes; it fetches and unpacks no layer.
 */
import { parseArgs } from 'node:util'
import { join } from 'node:path'
import { openImageStore, type StoredImage } from './image-store.ts'
import { resolveImage } from './resolve-image.ts'
import { timings } from '../timings.ts'

const environment = (name: string) => process.env[`PREBAKE_SANDBOX${name}`] ?? ''
const store = openImageStore(join(environment(''), 'host/var/lib/containerd/images'))
const say = (text: string) => process.stdout.write(`${text}\n`)

/** Global options come before the command, and take a value each. */
function parseCommand(words: readonly string[]): { command: string; rest: string[] } {
  const rest = [...words]
  while (rest[0]?.startsWith('-')) rest.splice(0, rest[0].includes('=') ? 1 : 2)
  const group = rest.shift() ?? ''
  return ['images', 'image', 'i'].includes(group) ? { command: `images ${rest.shift() ?? ''}`, rest } : { command: group, rest }
}

async function run(words: readonly string[]): Promise<void> {
  const { command, rest } = parseCommand(words)
  const { values, positionals } = parseArgs({
    args: rest,
    allowPositionals: true,
    options: {
      label: { type: 'string', multiple: true },
      platform: { type: 'string' },
      user: { type: 'string', short: 'u' },
      'plain-http': { type: 'boolean' },
      quiet: { type: 'boolean', short: 'q' },
      force: { type: 'boolean' },
    },
  })
  const [name = '', ...more] = positionals
  switch (command) {
    case 'version': {
      const version = environment('_CONTAINERD')
      return void say(
        `Client:\n  Version:  ${version}\n  Revision: 0\n  Go version: go1.24\n\nServer:\n  Version:  ${version}\n  Revision: 0\n  UUID: 0`,
      )
    }
    case 'images pull': {
      const image = await resolveImage(name, {
        registry: environment('_REGISTRY'),
        plainHttp: values['plain-http'] === true,
        platform: values.platform ?? 'linux/amd64',
        user: values.user,
      })
      const seconds = (image.size / 1e9) * timings.imageGigabyte.seconds
      await new Promise((resolve) => setTimeout(resolve, (seconds * 1000) / Number(environment('_RATE'))))
      store.write(name, { ...image, labels: parseLabels(values.label ?? []) })
      return void say(`${image.digest}: done`)
    }
    case 'images ls':
      return list(positionals, values.quiet === true, (image) => image.digest)
    case 'images check':
      return list(positionals, values.quiet === true, (image) => `${image.digest} complete (1/1) ${image.size}/${image.size} true`)
    case 'images tag': {
      const image = existing(name)
      for (const other of more) {
        if (store.read(other) !== undefined && values.force !== true) throw new Error(`image "${other}": already exists`)
        store.write(other, image)
        say(other)
      }
      return
    }
    case 'images label': {
      const image = existing(name)
      store.write(name, { ...image, labels: { ...image.labels, ...parseLabels(more) } })
      return
    }
    case 'images rm':
      for (const other of positionals) store.remove(other)
      return
    default:
      throw new Error(`stand-in: "${command}" is not known`)
  }
}

function existing(name: string): StoredImage {
  const image = store.read(name)
  if (image === undefined) throw new Error(`image "${name}": not found`)
  return image
}

/** Of containerd's filters only `name==…` is known. */
function list(filters: readonly string[], quiet: boolean, describe: (image: StoredImage) => string): void {
  const names = filters.map((filter) => filter.replace(/^name==/, ''))
  for (const name of store.names()) {
    if (names.length > 0 && !names.includes(name)) continue
    say(quiet ? name : `${name} ${describe(existing(name))}`)
  }
}

function parseLabels(words: readonly string[]): Record<string, string> {
  return Object.fromEntries(words.map((word) => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]))
}

try {
  await run(process.argv.slice(2))
} catch (error) {
  process.stderr.write(`ctr: ${(error as Error).message}\n`)
  process.exitCode = 1
}
