/** Codes of errors of container registries, and what each means; docs/errors.md lists them. */
export const registryErrors = {
  'image-not-found': 'The registry has no such repository, tag or digest.',
  'image-access-denied': 'The image cannot be read without credentials, or with these.',
  'registry-login-refused': 'The login for a registry is wrong, has expired, or may not read the image.',
  'image-platform-missing': 'The image is not built for the architecture of the nodes.',
  'image-is-artifact': 'The reference names an OCI artifact, not a container image.',
  'image-format-unknown': 'The manifest describes no image that containerd can pull.',
  'registry-request-failed': 'A registry refused a request for another reason. The message quotes it.',
  'registry-token-missing': 'A registry or its token server does not hand out a token.',
  'image-content-corrupt': 'A manifest or configuration does not match its digest, or is not JSON of the right form.',
} as const

export type RegistryErrorCode = keyof typeof registryErrors
