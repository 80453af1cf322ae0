/** `kms-key-id` → `kmsKeyId`. */
export type CamelCase<Name extends string> = Name extends `${infer Head}-${infer Tail}` ? `${Head}${Capitalize<CamelCase<Tail>>}` : Name

export function camelCase<const Name extends string>(name: Name): CamelCase<Name> {
  return name.replace(/-(.)/g, (_match, letter: string) => letter.toUpperCase()) as CamelCase<Name>
}
