/** Codes of errors of the model hub, and what each means; docs/errors.md lists them. */
export const hubErrors = {
  'hub-endpoint-malformed': '`hub-endpoint` or `HF_ENDPOINT` is not the https address of a hub.',
  'hub-token-malformed': '`hf-token` contains characters that no token contains, such as line breaks.',
  'hub-token-missing': 'The model is gated, and no token is given.',
  'hub-token-refused': 'The hub does not accept the token.',
  'model-access-denied': 'The account of the token has no access to the model.',
  'model-name-malformed': '`model` does not have the form `owner/name`.',
  'model-not-found': 'The hub has no such model, or the token may not see it.',
  'revision-not-found': 'The model has no such branch, tag or commit.',
  'hub-request-failed': 'The hub refused a request for another reason. The message quotes it.',
  'model-file-too-large': 'A file that has to be read in full is larger than 128 MiB.',
  'model-file-corrupt': 'The content of a file does not match the digest that the hub lists.',
} as const

export type HubErrorCode = keyof typeof hubErrors
