import { InputError, type Reporter } from '@prebake/kernel'
import type { Architecture } from '@prebake/snapshot-record'
import type { SnapshotErrorCode } from './error-codes.ts'
import type { BuildPorts, BuildRequest } from './build-request.ts'
import { isRefusal } from './is-refusal.ts'

/** The builder's default type: no GPU, eight processors, and enough bandwidth for the volume's burst. */
export const defaultInstanceTypes: Readonly<Record<Architecture, string>> = { x86_64: 'm6i.2xlarge', arm64: 'm7g.2xlarge' }

/**
 * Checks that the instance type has processors of the content's architecture. If the role lacks the permission to check, EC2 refuses the launch later.
 * @throws InputError naming `instance-type`
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
      code: 'instance-type-mismatch' satisfies SnapshotErrorCode,
      input: 'instance-type',
      wrong: `${instanceType} has ${architectures.join(' and ')} processors, but \`architecture\` is ${architecture}.`,
      remedy: `Choose a type of ${architecture}, such as ${defaultInstanceTypes[architecture]}, or leave \`instance-type\` empty.`,
    },
  ])
}
