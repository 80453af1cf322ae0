import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { startFront, type AwsFront } from './aws/start-front.ts'
import { clusterName, region, snapshots, writeWorld } from './aws/world.ts'
import { venv } from '../prepare.ts'
import { buildParts, type Parts } from './build-parts.ts'
import { startKubelets, type Kubelets } from './nodes/start-kubelets.ts'
import { crashLogs } from './nodes/crash-logs.ts'
import { serveCompletions, type Completions } from './nodes/serve-completions.ts'
import { stages } from './nodes/stages.ts'
import { openApi, type Api } from './parts/api.ts'
import { applyCrds } from './parts/apply-crds.ts'
import { auditPolicy } from './parts/audit-policy.ts'
import * as flags from './parts/flags.ts'
import { kubeconfigText, webhookText } from './parts/kubeconfig.ts'
import { launchProgram, type Running } from './parts/launch-program.ts'
import { writeCertificates } from './parts/write-certificates.ts'

/** A real control plane with the real Karpenter, moto as its AWS, and kwok as its kubelets where no others are given. */
export interface ControlPlane {
  /** Of an administrator, as text. */
  readonly kubeconfig: string
  readonly server: string
  /** The certificate of its authority, as PEM. */
  readonly authority: string
  /** Of someone with a token: `deployer` is of the group `prebake-deploy`, anyone else is unknown. */
  kubeconfigOf(user: string): string
  readonly api: Api
  readonly aws: AwsFront
  readonly kubelets: Kubelets
  /** What a part has written, for a test that fails. */
  log(part: string): string
  [Symbol.asyncDispose](): Promise<void>
}

/** What a node needs to join, and to boot from what its instance was launched from. */
export interface Place {
  readonly api: Api
  readonly aws: AwsFront
  /** An administrator's, as text. */
  readonly kubeconfig: string
  /** The certificate of the cluster's authority, a path. */
  readonly authority: string
}

export interface ControlPlaneOptions {
  /** false: the API server alone is wanted. */
  readonly withKarpenter?: boolean
  /** Left out: those of `buildParts`. */
  readonly parts?: Parts
  /** Has what `deployer` asks for, and each status that a pod gets, written to a file of this path. */
  readonly audit?: string
  /** Address of a webhook that knows tokens besides those of `deployer` (authentication.k8s.io/v1, TokenReview). */
  readonly authenticator?: string
  /** What boots where Karpenter launches instances; kwok's nodes where it is not given. */
  readonly bootNodes?: (place: Place) => Kubelets
  /** Which snapshots EC2 has. */
  readonly hasSnapshot?: (id: string) => boolean
}

/** What the parts of the last control plane wrote: for whoever wants to know why a test fails. */
const logs = join(import.meta.dirname, '../../../out/real-cluster')

/** Known to the API server by her token, and allowed nothing but what a role gives to her group. */
export const deployer = 'deployer'
export const deployGroup = 'prebake-deploy'

const servers = { api: 'https://127.0.0.1:6443', moto: 5000, aws: 5001 }

/**
 * Starts all parts on 127.0.0.1, in about 15 s.
 * @throws Error outside of a network namespace of its own, since Karpenter listens on all interfaces and its AWS must not be the real one
 */
export async function startControlPlane({
  withKarpenter = true,
  parts = buildParts(),
  audit,
  authenticator,
  bootNodes = ({ api }) => startKubelets(api),
  hasSnapshot = (id) => (Object.values(snapshots) as readonly string[]).includes(id),
}: ControlPlaneOptions = {}): Promise<ControlPlane> {
  if (Object.keys(networkInterfaces()).some((name) => name !== 'lo'))
    throw new Error(
      'Start the control plane: this process reaches other machines. Run `pnpm test:real cluster`, which makes a network of its own.',
    )
  const folder = mkdtempSync(join(tmpdir(), 'prebake-cluster-'))
  const running: Running[] = []
  mkdirSync(logs, { recursive: true })
  const launch = (name: Parameters<typeof parts.program>[0], args: readonly string[], env?: Record<string, string>) =>
    start(name, parts.program(name), args, env)
  function start(name: string, program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Running {
    const started = launchProgram(name, program, args, { logFile: join(logs, `${name}.log`), env })
    running.unshift(started)
    return started
  }
  const file = (name: string, content: string) => {
    writeFileSync(join(folder, name), content)
    return join(folder, name)
  }

  let completions: Completions | undefined
  let front: AwsFront | undefined
  let kubelets: Kubelets | undefined
  async function stop(): Promise<void> {
    await kubelets?.stop()
    for (const each of running) await each.stop()
    await front?.stop()
    await completions?.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    const moto = start('moto', join(venv, 'bin/python'), [
      join(import.meta.dirname, 'aws/serve_world.py'),
      String(servers.moto),
      writeWorld(folder, '1.36'),
    ])
    const etcd = launch('etcd', flags.etcd(join(folder, 'etcd')))
    const keys = writeCertificates(folder)
    const administrator = keys.client('administrator', 'system:masters')
    const kubeconfig = kubeconfigText(servers.api, keys.authority, { certificate: administrator })
    const admin = file('admin.json', kubeconfig)
    const certified = (name: string) =>
      file(`${name}.json`, kubeconfigText(servers.api, keys.authority, { certificate: keys.client(`system:${name}`) }))
    const tokens = file('tokens.csv', `${deployer},${deployer},1,${deployGroup}\n`)

    await etcd.until('it serves', async () => (await fetch('http://127.0.0.1:2379/health')).ok)
    const apiServer = launch(
      'kube-apiserver',
      flags.apiServer(keys, tokens, administrator, {
        ...(audit !== undefined && { audit: { log: audit, policy: file('audit.json', auditPolicy(deployer)) } }),
        ...(authenticator !== undefined && { authenticator: file('authenticator.json', webhookText(authenticator)) }),
      }),
    )
    const api = openApi(servers.api, keys.authority, administrator)
    await apiServer.until('it is ready', async () => (await api.get('/readyz')) === ('ok' as unknown))
    launch('kube-controller-manager', flags.controllerManager(admin, keys))
    launch('kube-scheduler', flags.scheduler(certified('kube-scheduler')))
    completions = await serveCompletions('vllm')
    const played = [...stages, ...crashLogs(folder), ...completions.forwards].map((document) => JSON.stringify(document)).join('\n---\n')
    launch('kwok', flags.kwok(admin, file('kwok.yaml', played), keys))
    await applyCrds(api, parts.crds)
    front = await startFront(servers.aws, `http://127.0.0.1:${servers.moto}`, hasSnapshot)
    await moto.until('it serves', async () => (await fetch(`http://127.0.0.1:${servers.moto}/moto-api/`)).ok)
    if (withKarpenter) {
      const karpenter = launch('karpenter', [], flags.karpenter({ admin, aws: front.url, region, clusterName, server: servers.api }))
      await karpenter.until('it is healthy', async () => (await fetch('http://127.0.0.1:8081/readyz')).ok)
    }
    await apiServer.until(
      'the default ServiceAccount is there',
      async () => (await api.get('/api/v1/namespaces/default/serviceaccounts/default')) !== undefined,
    )
    kubelets = bootNodes({ api, aws: front, kubeconfig, authority: keys.authority })
    return {
      kubeconfig,
      server: servers.api,
      authority: readFileSync(keys.authority, 'utf8'),
      kubeconfigOf: (token) => kubeconfigText(servers.api, keys.authority, { token }),
      api,
      aws: front,
      kubelets,
      log: (name) => running.find((each) => each.name === name)?.log() ?? '',
      [Symbol.asyncDispose]: stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}
