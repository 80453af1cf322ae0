import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { InputError } from '@prebake/kernel'
import { parse } from 'yaml'
import type { TerminalErrorCode } from '../error-codes.ts'

/** What the current context of a kubeconfig says about its cluster. */
export interface FoundKubeconfig {
  /** Of the file. */
  readonly path: string
  readonly context: string | undefined
  /** Address of the API server. */
  readonly server: string | undefined
  /** Name of the EKS cluster, where the kubeconfig says it. */
  readonly clusterName: string | undefined
  readonly region: string | undefined
}

interface Kubeconfig {
  readonly 'current-context'?: string
  readonly contexts?: readonly { readonly name: string; readonly context?: { readonly cluster?: string; readonly user?: string } }[]
  readonly clusters?: readonly { readonly name: string; readonly cluster?: { readonly server?: string } }[]
  readonly users?: readonly {
    readonly name: string
    readonly user?: { readonly exec?: { readonly args?: readonly string[]; readonly env?: readonly { name: string; value: string }[] } }
  }[]
}

/** The kubeconfig that kubectl would use: `given`, else the first file of KUBECONFIG that exists, else ~/.kube/config. @throws InputError without one */
export function findKubeconfig(given: string | undefined, env: NodeJS.ProcessEnv): FoundKubeconfig {
  const home = join(env['HOME'] ?? '', '.kube/config')
  const candidates = given !== undefined ? [given] : env['KUBECONFIG'] ? env['KUBECONFIG'].split(':').filter(Boolean) : [home]
  const path = candidates.find((candidate) => existsSync(candidate))
  if (path === undefined) {
    const code = 'kubeconfig-not-found' satisfies TerminalErrorCode
    const wrong = `there is no ${candidates.join(', and no ')}.`
    const remedy = 'Write one with `aws eks update-kubeconfig --name <cluster>`, or make a cluster with `make setup-infra`.'
    throw new InputError([{ code, input: 'kubeconfig', wrong, remedy }])
  }
  return { path, ...describe(readQuietly(path)) }
}

/** What cannot be read here is an error where the cluster is opened, in better words. */
function readQuietly(path: string): Kubeconfig {
  try {
    return (parse(readFileSync(path, 'utf8')) ?? {}) as Kubeconfig
  } catch {
    return {}
  }
}

function describe(config: Kubeconfig): Omit<FoundKubeconfig, 'path'> {
  const { contexts = [], clusters = [], users = [], 'current-context': context } = config
  const current = contexts.find(({ name }) => name === context)?.context
  const server = clusters.find(({ name }) => name === current?.cluster)?.cluster?.server
  const exec = users.find(({ name }) => name === current?.user)?.user?.exec
  // `aws eks update-kubeconfig` names the cluster by its ARN, eksctl by `name.region.eksctl.io`; both give the name to their token command.
  const [, arnRegion, arnName] = /^arn:[\w-]+:eks:([\w-]+):\d+:cluster\/(.+)$/.exec(current?.cluster ?? '') ?? []
  const [, eksctlName, eksctlRegion] = /^([^.]+)\.([\w-]+)\.eksctl\.io$/.exec(current?.cluster ?? '') ?? []
  const [, hostRegion] = /\.([a-z]{2}(?:-[a-z]+)+-\d)\.eks\.amazonaws\.com/.exec(server ?? '') ?? []
  const variable = exec?.env?.find(({ name }) => name === 'AWS_REGION' || name === 'AWS_DEFAULT_REGION')?.value
  return {
    context,
    server,
    clusterName: arnName ?? argument(exec?.args, '--cluster-name', '--cluster-id', '-i') ?? eksctlName,
    region: arnRegion ?? argument(exec?.args, '--region') ?? eksctlRegion ?? hostRegion ?? variable,
  }
}

function argument(args: readonly string[] = [], ...names: readonly string[]): string | undefined {
  const at = args.findIndex((each) => names.includes(each))
  return at === -1 ? undefined : args[at + 1]
}
