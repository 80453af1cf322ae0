import { maskSecret } from '@prebake/action-kit'
import { parseRegistryCredentials } from '@prebake/registry'
import type { RegistryLogins } from '@prebake/snapshot'

/**
 * The logins of `registry-credentials`, which the inputs' check has already validated. Masks the Basic header of each; the passwords themselves were masked
 * when the input was read.
 */
export function registryLogins(text: string | undefined): RegistryLogins {
  const parsed = text === undefined ? { logins: {} } : parseRegistryCredentials(text)
  if ('wrong' in parsed) return {}
  for (const { username, password } of Object.values(parsed.logins)) {
    maskSecret(Buffer.from(`${username}:${password}`).toString('base64'))
  }
  return parsed.logins
}
