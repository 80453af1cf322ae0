/** Codes of problems with manifests, and what each means; docs/errors.md lists them. */
export const manifestErrors = {
  'yaml-broken': 'A file is not valid YAML.',
  'manifests-empty': 'There is no file, or no document in the files.',
  'document-not-an-object': 'A document is a list, a text or a number, not a Kubernetes object.',
  'kustomization-not-built': 'A document is a Kustomization or Component of kustomize, which has to be built first.',
  'template-leftover': 'A template such as `{{ .Values.x }}` is left in a file.',
  'name-invalid': '`metadata.name` is not a name that an API server takes.',
  'document-incomplete': 'A document has no apiVersion, kind or metadata.name, or it is not a text.',
  'document-duplicated': 'Two documents describe the same object.',
  'placeholder-malformed': '`${…}` is not closed, is not a name, or has a default while its name has no value.',
  'placeholder-in-key': '`${NAME}` is in a key; only values are filled in.',
  'variable-undefined': '`${NAME}` has no value.',
  'placeholder-of-another-tool':
    'A variable that is given stands in the form of another tool, such as `$NAME`, and stays as it is. A warning.',
  'variable-as-text': 'A whole unquoted `${NAME}` becomes a text where a number or a boolean seems meant. A warning.',
  'variable-unused': 'A variable is given that no manifest uses.',
  'node-class-hash-given': '`NODECLASS_HASH` is given, but it is built in.',
  'isolation-incomplete': 'An isolated copy needs one Deployment, one NodePool and one EC2NodeClass among the manifests.',
  'copy-paused': 'The Deployment among the manifests has `spec.paused`, so that no pod of it would start.',
  'node-class-hash-undefined': '`${NODECLASS_HASH}` is used, but no EC2NodeClass has it in its name.',
} as const

export type ManifestErrorCode = keyof typeof manifestErrors
