import { InputError, type Reporter } from '@prebake/kernel'
import type { Architecture } from './architecture.ts'
import type { BuildPorts, BuildRequest } from './build-request.ts'
import { isRefusal } from './is-refusal.ts'

/** What builds where the user names no type: no GPU, eight processors, and as much bandwidth as the volume takes in a burst. */
export const defaultInstanceTypes: Readonly<Record<Architecture, string>> = { x86_64: 'm6i.2xlarge', arm64: 'm7g.2xlarge' }

/**
 * Whether the instance type has the processors that the content is for. Where the role may not ask, EC2 itself refuses the launch.
 * @throws InputError naming `instance-type`.
 */
export async function requireInstanceType(
  { instanceType, architecture }: Pick<BuildRequest, 'instanceType' | 'architecture'>,
  { builders, reporter }: { readonly builders: Pick<BuildPorts['builders'], 'architecturesOf'>; readonly reporter: Pick<Reporter, 'info'> },
  signal: AbortSignal,
): Promise<void> {
  const architectures = await builders.architecturesOf(instanceType, signal).catch((error: unknown) => {
    if (!isRefusal(error)) throw error
    reporter.info(`Whether ${instanceType} has ${architecture} processors was not checked: ${error.message}`)
    return [architecture]
  })
  if (architectures.includes(architecture)) return
  throw new InputError([
    {
      input: 'instance-type',
      wrong: `${instanceType} has ${architectures.join(' and ')} processors, and \`architecture\` is ${architecture}.`,
      remedy: `Choose a type of ${architecture}, such as ${defaultInstanceTypes[architecture]}, or leave \`instance-type\` empty.`,
    },
  ])
}
