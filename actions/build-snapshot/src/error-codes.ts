/** Codes of problems with this action's own inputs, and what each means; docs/errors.md lists them. */
export const buildErrors = {
  'image-reference-malformed': 'An entry of `images` is not an image reference, or does not name a version.',
  'registry-credentials-malformed': '`registry-credentials` is not JSON of the documented form.',
  'tag-malformed': 'EC2 does not allow a tag.',
  'tags-too-many': 'A snapshot cannot have this many tags, or this many images, which take tags too.',
} as const

export type BuildErrorCode = keyof typeof buildErrors
