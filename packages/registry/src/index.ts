export { registryErrors, type RegistryErrorCode } from './error-codes.ts'
export { ociRegistry, type OciRegistryOptions } from './oci-registry.ts'
export { parseRegistryCredentials } from './parse-registry-credentials.ts'
