import { InputError, type Reporter } from '@prebake/kernel'
import type { ManifestFile } from '@prebake/manifests'
import type { ApplyErrorCode } from '../error-codes.ts'
import type { BuilderKind } from './find-builder.ts'
import { runTool } from './run-tool.ts'

/** A folder whose manifests a tool makes. */
export interface FolderToBuild {
  readonly kind: BuilderKind
  /** Relative to the workspace. */
  readonly folder: string
}

export interface BuildOptions {
  readonly namespace: string
  /** Of a Helm chart: files with values, relative to the workspace. */
  readonly helmValues: readonly string[]
  /** Name of the Helm release; undefined: that of the chart's folder. */
  readonly helmRelease: string | undefined
}

interface Tool {
  readonly program: string
  readonly args: readonly string[]
}

/**
 * Builds a kustomize folder with the runner's `kustomize`, else its `kubectl`, or renders a Helm chart with its `helm`. Hooks and tests of a chart are left
 * out: they are no part of what serves.
 * @returns the tool's output as one file of the folder, whose lines are those that messages name.
 * @throws InputError when there is no such tool, or it refuses the folder.
 */
export async function buildFolder(
  { kind, folder }: FolderToBuild,
  options: BuildOptions,
  { workspace, env, reporter }: { readonly workspace: string; readonly env: NodeJS.ProcessEnv; readonly reporter: Reporter },
  signal: AbortSignal,
): Promise<ManifestFile> {
  const tools = toolsFor(kind, folder, options)
  for (const { program, args } of tools) {
    const command = [program, ...args].join(' ')
    const result = await runTool(program, args, { cwd: workspace, env, signal })
    if ('missing' in result) continue
    if ('failed' in result) {
      throw refusal('build-failed', folder, `\`${command}\` refuses it: ${result.failed}.`, 'Correct the folder, or the inputs for Helm.')
    }
    const name = `${kind === 'helm' ? 'helm-template' : 'kustomize-build'}.yaml`
    const path = folder === '' || folder === '.' ? name : `${folder}/${name}`
    reporter.info(`Built with \`${command}\`: places in ${path} are lines of its output`)
    return { path, text: result.output }
  }
  const what = kind === 'helm' ? 'a Helm chart' : 'a folder of kustomize'
  const names = tools.map(({ program }) => `\`${program}\``).join(' nor ')
  const remedy = `Install one on the runner, or run \`${[tools[0]?.program, ...(tools[0]?.args ?? [])].join(' ')} > manifests.yaml\` in a step before and name that file.`
  throw refusal('build-tool-missing', folder, `is ${what}, and the runner has ${tools.length > 1 ? 'neither' : 'no'} ${names}.`, remedy)
}

function toolsFor(kind: BuilderKind, folder: string, { namespace, helmValues, helmRelease }: BuildOptions): readonly Tool[] {
  const path = folder === '' ? '.' : folder
  if (kind === 'kustomize') {
    return [
      { program: 'kustomize', args: ['build', path] },
      { program: 'kubectl', args: ['kustomize', path] },
    ]
  }
  const release = helmRelease ?? path.split('/').at(-1)?.replace(/^\.$/, 'release') ?? 'release'
  const values = helmValues.flatMap((file) => ['--values', file])
  return [{ program: 'helm', args: ['template', release, path, '--namespace', namespace, '--no-hooks', '--skip-tests', ...values] }]
}

function refusal(code: ApplyErrorCode, folder: string, what: string, remedy: string): InputError {
  return new InputError([{ code, input: 'manifests', wrong: `\`${folder || '.'}\` ${what}`.replace(/\.\.$/, '.'), remedy }])
}
