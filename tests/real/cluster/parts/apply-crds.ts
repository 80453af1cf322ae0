import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { parse } from 'yaml'
import type { Api, ApiObject } from './api.ts'

const place = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'

interface Definition extends ApiObject {
  readonly spec: {
    readonly group: string
    readonly names: { readonly plural: string }
    readonly versions: readonly { readonly name: string }[]
  }
}

/** Creates the definitions and waits until the API server serves their kinds. */
export async function applyCrds(api: Api, files: readonly string[]): Promise<void> {
  const definitions = files.map((file) => parse(readFileSync(file, 'utf8')) as Definition)
  await Promise.all(definitions.map((definition) => api.create(place, definition)))
  for (const { metadata, spec } of definitions) {
    const kind = `/apis/${spec.group}/${spec.versions[0]?.name}/${spec.names.plural}`
    // Established is not enough: for a moment the API server still says 404, then 429.
    const served = () => api.get(kind).catch(() => undefined)
    for (let looks = 0; (await served()) === undefined; looks++) {
      if (looks === 200) throw new Error(`Create ${metadata.name}: it is not served after 20 s.`)
      await sleep(100)
    }
  }
}
