/** An object of a document, whose fields are not checked. */
export type Fields = Readonly<Record<string, unknown>>

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** An unchecked value, read as the type that it should have: a value of another type reads as if it were missing. */
export function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {}
}

export function specOf(object: Fields): Fields {
  return fieldsOf(object['spec'])
}

/** The value at a path such as `spec.template.spec`; undefined where a step is missing. */
export function readField(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((at, name) => fieldsOf(at)[name], value)
}

export function listAt(value: unknown, path: string): readonly unknown[] {
  const found = readField(value, path)
  return Array.isArray(found) ? found : []
}

export function textAt(value: unknown, path: string): string | undefined {
  const found = readField(value, path)
  return typeof found === 'string' ? found : undefined
}

export function numberAt(value: unknown, path: string): number | undefined {
  const found = readField(value, path)
  return typeof found === 'number' ? found : undefined
}

/** What Kubernetes calls IntOrString. */
export function textOrNumberAt(value: unknown, path: string): string | number | undefined {
  const found = readField(value, path)
  return typeof found === 'string' || typeof found === 'number' ? found : undefined
}

/** The texts of a list. */
export function textsAt(value: unknown, path: string): readonly string[] {
  return listAt(value, path).filter((item) => typeof item === 'string')
}

/** Labels, selectors and the like: names with a text each. */
export function textsByName(value: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(fieldsOf(value)).filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
}
