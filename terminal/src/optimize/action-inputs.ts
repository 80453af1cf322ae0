import { parseInputs } from '@prebake/action-kit'
import { inputs as applySchema, type ApplyInputs } from '@prebake/apply-manifests/inputs'
import { inputs as buildSchema, type BuildInputs } from '@prebake/build-snapshot/inputs'
import { InputError, nearestName } from '@prebake/kernel'
import type { TerminalErrorCode } from '../error-codes.ts'
import type { Settings } from './gather-settings.ts'
import type { OptimizeRun } from './optimize-run.ts'
import { projectDefaults } from './project-defaults.ts'

type Texts = Readonly<Record<string, string>>

/** Inputs of build-snapshot, with the same defaults and checks. @param more of the option `--build` */
export function buildInputs(settings: Settings, more: readonly string[], env: NodeJS.ProcessEnv): BuildInputs {
  const texts = {
    model: settings.model,
    'aws-region': settings.region,
    'instance-profile': settings['instance-profile'],
    'subnet-id': settings['subnet-id'],
    'security-group-ids': settings['security-group-ids'].replaceAll(',', '\n'),
    'hf-token': env['HF_TOKEN'] ?? '',
    ...pairs('build', more, Object.keys(buildSchema.fields)),
  } satisfies Texts
  return parseInputs(buildSchema, (name) => (texts as Texts)[name] ?? '')
}

/** Inputs of apply-manifests, likewise, for a rehearsal (`dryRun`) or the rollout itself. `more` is the option `--rollout`. */
export function rolloutInputs(
  snapshotId: string,
  { values, settings, kubeconfig }: Pick<OptimizeRun, 'values' | 'settings' | 'kubeconfig'>,
  { dryRun }: { readonly dryRun: boolean },
): ApplyInputs {
  const own = pairs('rollout', values.rollout ?? [], Object.keys(applySchema.fields))
  const texts = {
    'snapshot-id': snapshotId,
    manifests: (values.manifests ?? projectDefaults.manifests).replaceAll(',', '\n'),
    namespace: values.namespace ?? projectDefaults.namespace,
    kubeconfig: kubeconfig.path,
    'aws-region': settings.region,
    'force-conflicts': String(values['force-conflicts'] === true),
    'dry-run': String(dryRun),
    ...own,
    variables: [`NODE_ROLE=${settings['node-role']}`, `CLUSTER_NAME=${settings['cluster-name']}`, own['variables'] ?? ''].join('\n'),
  } satisfies Texts
  return parseInputs(applySchema, (name) => (texts as Texts)[name] ?? '')
}

function pairs(option: string, given: readonly string[], names: readonly string[]): Texts {
  const problems = given.flatMap((pair) => {
    const name = pair.split('=')[0] ?? ''
    if (pair.includes('=') && names.includes(name)) return []
    const nearest = nearestName(name, names)
    const wrong = pair.includes('=') ? `\`${name}\` is not an input of this action.` : `\`${pair}\` is not of the form name=value.`
    const remedy = nearest === undefined ? `The inputs are ${names.join(', ')}.` : `Did you mean \`${nearest}\`?`
    return [{ code: 'option-malformed' satisfies TerminalErrorCode, input: `--${option}`, wrong, remedy }]
  })
  if (problems.length > 0) throw new InputError(problems)
  const texts: Record<string, string> = {}
  for (const pair of given) {
    const at = pair.indexOf('=')
    const name = pair.slice(0, at)
    // Lists are lines.
    texts[name] = [texts[name], pair.slice(at + 1)].filter(Boolean).join('\n')
  }
  return texts
}
