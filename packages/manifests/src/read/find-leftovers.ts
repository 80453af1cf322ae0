import type { Problem } from '@prebake/kernel'
import { isCollection, visit } from 'yaml'
import { renderFirst, type YamlDocument } from './parse-yaml.ts'

/** Templates that YAML reads as something else: `{{ .Values.x }}` is a map whose key is a map, which no Kubernetes object has. */
export function findLeftovers(document: YamlDocument): readonly Problem[] {
  const problems: Problem[] = []
  visit(document.content, {
    Pair(_key, pair) {
      if (!isCollection(pair.key)) return undefined
      const [start = 0, end = 0] = pair.key.range ?? []
      const source = document.text.slice(start, end).trim()
      const wrong = `a template is left here, \`{${source}}\`, which YAML reads as a map with a map as its key.`
      problems.push(document.problemAt(start, { code: 'template-leftover', wrong, remedy: renderFirst }))
      return visit.SKIP
    },
  })
  return problems
}
