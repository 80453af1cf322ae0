import { toJsonSchema } from '@valibot/to-json-schema'
import { benchmarkSchema } from '@prebake/startup'

/** docs/report.schema.json: what the actions themselves check a report with, as JSON Schema (draft 2020-12). */
export function reportSchemaText(): string {
  // A number of JSON is finite anyway.
  const { $schema: _draft, ...schema } = toJsonSchema(benchmarkSchema, { target: 'draft-2020-12', ignoreActions: ['finite'] })
  const head = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Report of scale-benchmark, schema 2',
    description: 'docs/report.md explains the fields. Seconds are on the clocks that each row names.',
  }
  return `${JSON.stringify({ ...head, ...schema }, undefined, 2)}\n`
}
