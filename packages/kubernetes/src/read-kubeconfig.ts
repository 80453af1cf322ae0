import { readFile } from 'node:fs/promises'
import type { RequestOptions } from 'node:https'
import { dirname, resolve } from 'node:path'
import type { KubeConfig } from '@kubernetes/client-node'
import { InputError } from '@prebake/kernel'
import type { ClusterErrorCode } from './error-codes.ts'

/** The current context of a kubeconfig. */
export interface Kubeconfig {
  /** `https://host:port/path`, without a trailing slash. */
  readonly server: string
  /** For objects without a namespace. */
  readonly namespace: string
  /**
   * Certificates, headers and, if the kubeconfig names a proxy, the agent for one request. May run the kubeconfig's command for a token.
   * @throws InputError naming `kubeconfig`
   */
  readonly authenticate: () => Promise<RequestOptions>
  /** The whole of it, for what needs a WebSocket. */
  readonly config: () => Promise<KubeConfig>
}

/**
 * @param given a file path, or the YAML itself
 * @throws InputError naming `kubeconfig` and the problem; never quotes the file, because it contains secrets
 */
export async function readKubeconfig(given: string, env: NodeJS.ProcessEnv): Promise<Kubeconfig> {
  const isDocument = /\n|^\s*\{|^apiVersion:/.test(given)
  const file = isDocument ? undefined : given.trim().replace(/^~(?=\/)/, env['HOME'] ?? '~')
  const text = file === undefined ? given : await readText(file)
  const config = await parse(text)
  if (file !== undefined) config.makePathsAbsolute(resolve(dirname(file)))
  return currentContext(config)
}

async function readText(file: string): Promise<string> {
  if (file === '') throw broken('kubeconfig-unreadable', 'is empty.', 'Give the path of a kubeconfig file, or its text.')
  // Not a path: quoting it could reveal a secret.
  if (/^[A-Za-z0-9+/=]{200,}$/.test(file)) {
    throw broken('kubeconfig-unreadable', 'seems to be base64.', 'Give the path of a kubeconfig file, or its decoded text.')
  }
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code
    const wrong = code === 'ENOENT' ? `there is no file ${file}.` : `the file ${file} cannot be read (${code}).`
    throw broken(
      'kubeconfig-unreadable',
      wrong,
      'Write it in an earlier step (`aws eks update-kubeconfig --kubeconfig <file>`), or give its text from a secret.',
      cause,
    )
  }
}

async function parse(text: string): Promise<KubeConfig> {
  // The package's index also loads streams and sockets, which are not needed.
  const { KubeConfig } = await import('@kubernetes/client-node/dist/config.js')
  const config = new KubeConfig()
  try {
    config.loadFromString(text)
    return config
  } catch (error) {
    // A YAML error quotes the lines around it; only its reason and position are safe to show.
    const { name, reason, mark, message } = error as Error & { reason?: string; mark?: { line: number; column: number } }
    const place = mark ? ` at line ${mark.line + 1}, column ${mark.column + 1}` : ''
    const wrong = name === 'YAMLException' ? `is not valid YAML: ${reason}${place}.` : `is not a kubeconfig: ${message}.`
    throw malformed(wrong, 'Write it again with `aws eks update-kubeconfig`, or copy all of it.')
  }
}

function currentContext(config: KubeConfig): Kubeconfig {
  const names = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name).join(', ') || 'none'
  const current = config.getCurrentContext()
  if (!current) {
    throw malformed('has no `current-context`.', `Set it to one of its contexts (${names(config.contexts)}).`)
  }
  const context = config.getContextObject(current)
  if (!context) {
    throw malformed(
      `its current context \`${current}\` is not among its contexts (${names(config.contexts)}).`,
      'Correct `current-context`.',
    )
  }
  const cluster = config.getCluster(context.cluster)
  if (!cluster) {
    const wrong = `its context \`${current}\` names the cluster \`${context.cluster}\`, which is not among its clusters (${names(config.clusters)}).`
    throw malformed(wrong, 'Correct the context, or add the cluster.')
  }
  const user = config.getUser(context.user)
  if (!user) {
    const wrong = `its context \`${current}\` names the user \`${context.user ?? ''}\`, which is not among its users (${names(config.users)}).`
    throw malformed(wrong, 'Correct the context, or add the user.')
  }
  if (!/^https?:\/\/[^/]/.test(cluster.server) || !URL.canParse(cluster.server)) {
    throw malformed(`the server of its cluster \`${cluster.name}\` is not a URL.`, 'Write https:// and a host.')
  }
  // The client refuses plain http unless the kubeconfig skips certificate checks; kubectl does not require that.
  if (cluster.server.startsWith('http:')) {
    config.clusters = config.clusters.map((each) => (each === cluster ? { ...each, skipTLSVerify: true } : each))
  }
  return {
    server: cluster.server,
    namespace: context.namespace ?? 'default',
    authenticate: () => authenticate(config, user.name),
    config: () => Promise.resolve(config),
  }
}

async function authenticate(config: KubeConfig, user: string): Promise<RequestOptions> {
  const options: RequestOptions = {}
  try {
    await config.applyToHTTPSOptions(options)
  } catch (cause) {
    const { message, code, path } = cause as NodeJS.ErrnoException
    const reason = code === 'ENOENT' && path !== undefined ? `there is no ${path}` : message.trim().replace(/\.$/, '')
    const remedy = 'The files and commands that the kubeconfig names must exist and work on this machine.'
    throw broken('cluster-credentials-failed', `could not load the credentials of its user \`${user}\`: ${reason}.`, remedy, cause)
  }
  return options
}

function malformed(wrong: string, remedy: string): InputError {
  return broken('kubeconfig-malformed', wrong, remedy)
}

function broken(code: ClusterErrorCode, wrong: string, remedy: string, cause?: unknown): InputError {
  return new InputError([{ code, input: 'kubeconfig', wrong, remedy }], cause === undefined ? {} : { cause })
}
