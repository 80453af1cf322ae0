import { AwsError } from '../aws-error.ts'

export interface JsonObject {
  readonly [name: string]: unknown
}

/** @throws AwsError SerializationException for a body that is no JSON object. */
export function parseJson(body: string): JsonObject {
  try {
    const value: unknown = JSON.parse(body === '' ? '{}' : body)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject
  } catch {
    // Thrown below.
  }
  throw new AwsError('SerializationException', '')
}

/** @throws AwsError ValidationException where it is missing or no string. */
export function requiredString(input: JsonObject, name: string): string {
  const value = input[name]
  if (typeof value === 'string') return value
  const member = name.charAt(0).toLowerCase() + name.slice(1)
  throw new AwsError(
    'ValidationException',
    `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
  )
}

export const strings = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : []

export const objects = (value: unknown): readonly JsonObject[] =>
  Array.isArray(value) ? value.filter((item): item is JsonObject => typeof item === 'object' && item !== null) : []

/** A time in JSON 1.1: seconds since 1970. */
export const epochSeconds = (time: Date): number => time.getTime() / 1000
