/** Codes of problems with manifests, and what each means; docs/errors.md lists them. */
export const manifestErrors = {
  'yaml-broken': 'A file is not valid YAML.',
  'manifests-empty': 'There is no file, or no document in the files.',
  'document-not-an-object': 'A document is a list, a text or a number, not a Kubernetes object.',
  'document-is-a-list': 'A document is a `List` of objects, as `kubectl get` prints them.',
  'document-incomplete': 'A document has no apiVersion, kind or metadata.name, or it is not a text.',
  'document-duplicated': 'Two documents describe the same object.',
  'placeholder-malformed': '`${…}` is not closed, or what it contains is not a name.',
  'placeholder-in-key': '`${NAME}` is in a key; only values are filled in.',
  'variable-undefined': '`${NAME}` has no value.',
  'variable-unused': 'A variable is given that no manifest uses.',
  'node-class-hash-given': '`NODECLASS_HASH` is given, but it is built in.',
  'node-class-hash-undefined': '`${NODECLASS_HASH}` is used, but no EC2NodeClass has it in its name.',
} as const

export type ManifestErrorCode = keyof typeof manifestErrors
