import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startHub } from '@prebake/simulator/hub'
import { systemClock, type Clock } from '@prebake/kernel'
import {
  buildSnapshot,
  parseImageReference,
  type BuildPorts,
  type BuildRequest,
  type BuildResult,
  type FileSource,
} from '../../../packages/snapshot/src/index.ts'
import { huggingFaceHub } from '../../../packages/huggingface/src/index.ts'
import { ociRegistry } from '../../../packages/registry/src/index.ts'
import { startGate, type Effect, type Gate, type Met } from './gate.ts'
import type { RealNode } from './node/start-node.ts'
import { createRealCloud, type Loss, type RealCloud } from './real-cloud.ts'
import { startRegistry, type RealRegistry } from './registry.ts'

type Hub = Awaited<ReturnType<typeof startHub>>

export interface Scene {
  readonly folder: string
  readonly hub: Hub
  /** What stands before the hub; all go through it. */
  readonly hubGate: Gate
  readonly registry: RealRegistry
  readonly registryGate: Gate
  readonly cloud: RealCloud
  /** What was reported to the person who watches. */
  readonly log: readonly string[]
  /** Every signed address that the runner asked for. */
  readonly addresses: readonly string[]
  /** Content that only the runner could read. */
  readonly pieces: readonly Uint8Array[]
  readonly request: BuildRequest
  readonly ports: BuildPorts
  /** The whole of build-snapshot, on nodes of this machine. */
  build(changes?: Partial<BuildRequest>): Promise<BuildResult>
  [Symbol.asyncDispose](): Promise<void>
}

export const models = { open: 'TheBloke/Mistral-7B-Instruct-v0.2-AWQ', gated: 'mistralai/Mistral-7B-Instruct-v0.3' } as const

export interface SceneOptions {
  readonly hub?: Parameters<typeof startHub>[0]
  /** Without an image there is no registry, and none is asked for (default true). */
  readonly withImage?: boolean
  readonly volumeMebibytes?: number
  readonly onLaunch?: (node: RealNode) => Promise<void>
  readonly meetHub?: (met: Met) => Effect
  readonly meetRegistry?: (met: Met) => Effect
  /** Which commands do not come to an end of their own. */
  readonly lose?: (line: string) => Loss | undefined | Promise<Loss | undefined>
}

/** host/README.md: no foreground command takes longer. */
export const longestCommandSeconds = 60

/** A token that nothing else looks like. */
export const hubToken = 'hf_PlantedTokenOfTheScene0123456789'

/** A hub, a registry and a cloud of real nodes, and the ports of build-snapshot wired to them. */
export async function startScene(options: SceneOptions = {}): Promise<Scene> {
  const { withImage = true, volumeMebibytes = 400, onLaunch, lose } = options
  const folder = mkdtempSync(join(tmpdir(), 'prebake-real-'))
  const hub = await startHub({ rate: 300, scale: 640, tokens: { granted: hubToken, denied: 'hf_denied' }, ...options.hub })
  const hubGate = await startGate(hub.url, options.meetHub)
  const upstream = withImage ? await startRegistry(folder) : noRegistry
  const registryGate = await startGate(`http://${upstream.imageName.split('/')[0]}`, options.meetRegistry)
  const registry = { ...upstream, imageName: `${new URL(registryGate.url).host}/vllm` }
  const cloud = createRealCloud(folder, { volumeMebibytes, onLaunch, lose })
  const log: string[] = []
  const addresses: string[] = []
  const pieces: Uint8Array[] = []
  const clock = impatient()
  const client = huggingFaceHub({ endpoint: hubGate.url, token: hubToken, clock })
  const ports: BuildPorts = {
    hub: {
      ...client,
      locate: async (...asked): Promise<FileSource> => {
        const source = await client.locate(...asked)
        if (source.kind === 'address') addresses.push(source.url)
        return source
      },
      read: async (...asked) => {
        const content = await client.read(...asked)
        pieces.push(content)
        return content
      },
    },
    // The adapter speaks https only; this registry has no certificate.
    registry: ociRegistry({ clock, fetch: withoutCertificate }),
    builders: cloud.builders,
    snapshots: cloud.snapshots,
    // There is no IAM here.
    permissions: {
      checkReads: async () => [],
      checkLaunch: async () => [],
      checkBuilder: async () => [],
      checkSnapshot: async () => [],
      checkEarlierSnapshot: async () => [],
    },
    clock,
    reporter: {
      group: (title, work) => (log.push(title), work()),
      info: (line) => void log.push(line),
      progress: (line) => void log.push(line),
      notice: (line) => void log.push(line),
      warning: (line) => void log.push(line),
      debug: () => {},
      summary: (line) => void log.push(line),
    },
  }
  const image = parseImageReference(`${registry.imageName}:v1`)
  if ('wrong' in image) throw new Error(image.wrong)
  const request: BuildRequest = {
    runToken: 'run-1',
    model: models.open,
    revision: 'main',
    images: withImage ? [image] : [],
    // Debian 12 has containerd 1.6.
    kubernetesVersion: '1.32',
    bottlerocketVersion: '1.57.0',
    architecture: 'x86_64',
    instanceType: 'm7i.2xlarge',
    subnetId: undefined,
    securityGroupIds: [],
    instanceProfile: 'prebake-builder',
    volumeSizeGiB: 1,
    verify: 'quick',
    rebuild: false,
    timeoutMs: 120_000,
    tags: {},
    hubHost: '127.0.0.1',
  }
  return {
    folder,
    hub,
    hubGate,
    registry,
    registryGate,
    cloud,
    log,
    addresses,
    pieces,
    request,
    ports,
    build: (changes) => buildSnapshot({ ...request, ...changes }, ports, AbortSignal.timeout(150_000)),
    async [Symbol.asyncDispose]() {
      await cloud[Symbol.asyncDispose]()
      await Promise.all([registryGate.close(), hubGate.close()])
      await Promise.all([registry.stop(), hub.close()])
      rmSync(folder, { recursive: true, force: true })
      const slow = cloud.commands.find(({ seconds }) => seconds > longestCommandSeconds)
      if (slow !== undefined) throw new Error(`A command was in the foreground for ${slow.seconds} s: ${slow.output}`)
    },
  }
}

const noRegistry: RealRegistry = { imageName: '127.0.0.1:9/vllm', imageDigest: 'none', stop: async () => {} }

const withoutCertificate: typeof fetch = (input, init) =>
  fetch(
    input instanceof Request ? input : String(input instanceof URL ? input.href : input).replace('https://127.0.0.1', 'http://127.0.0.1'),
    init,
  )

/** The machine's clock, but for the pause between two looks: what is looked at is on this machine. */
function impatient(): Clock {
  const clock = systemClock()
  return { now: () => clock.now(), sleep: (ms, signal) => clock.sleep(ms <= 5000 ? 200 : ms, signal) }
}
