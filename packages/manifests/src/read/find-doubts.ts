import type { Problem } from '@prebake/kernel'
import { isPair, isScalar, visit, type Pair, type Scalar } from 'yaml'
import type { Filling } from './fill-variables.ts'
import { isIntegerField } from './number-fields.ts'
import type { YamlDocument } from './parse-yaml.ts'

/** Fields, and maps, whose values are texts by their schema: a number in quotes is right there. */
const textual = new Set(
  'annotations args command data key labels matchLabels name nodeSelector operator parameters selector stringData tags value values'.split(
    ' ',
  ),
)

/**
 * What may be a mistake with variables that were given by hand, in a document that is not yet filled in: a name in the form of another tool, which stays as
 * it is, and an unquoted `${NAME}` where a number or a boolean seems meant, which becomes a text.
 */
export function findDoubts(document: YamlDocument, { variables, sources: { inputs = {} } }: Filling): readonly Problem[] {
  const byHand = Object.keys(variables).filter((name) => inputs[name] === 'variables')
  const foreign = byHand.filter((name) => !declares(document.text, name)).map((name) => [name, otherForms(name)] as const)
  const doubts: Problem[] = []
  visit(document.content, {
    Scalar(key, node, ancestors) {
      const { value } = node
      if (typeof value !== 'string' || key === 'key') return
      for (const [name, forms] of foreign) {
        const [form] = forms.exec(value) ?? []
        if (form === undefined) continue
        const wrong = `\`${form}\` stays as it is, though \`variables\` gives ${name}: only \`\${${name}}\` is filled in.`
        const remedy = `Write \`\${${name}}\`, unless a shell or another tool is meant.`
        doubts.push(document.problemAt(offsetOf(node, form, document.text), { code: 'placeholder-of-another-tool', wrong, remedy }))
      }
      const name = /^\$\{(\w+)\}$/.exec(value)?.[1] ?? ''
      const given = variables[name] ?? ''
      if (node.type !== 'PLAIN' || !byHand.includes(name) || !isAmbiguous(given) || isTextual(ancestors.filter(isPair))) return
      if (/^\d+$/.test(given) && isIntegerField(node, ancestors)) return
      const wrong = `\`${value}\` becomes the text "${variables[name]}", not a number or a boolean.`
      const remedy = 'Write the value itself here where the field is not a text, or put the variable in quotes where it is.'
      doubts.push(document.problemAt(node.range?.[0] ?? 0, { code: 'variable-as-text', wrong, remedy }))
    },
  })
  return doubts
}

/** `$NAME`, `$(NAME)`, `{{ NAME }}`, `<NAME>`, `@@NAME@@`, `%NAME%` and `__NAME__`. */
function otherForms(name: string): RegExp {
  return new RegExp(
    `(?<!\\$)\\$${name}\\b|\\$\\(${name}\\)|\\{\\{\\s*\\.?(?:Values\\.)?${name}\\s*\\}\\}|<${name}>|@@${name}@@|%${name}%|__${name}__`,
  )
}

/** Whether a container has an environment variable of this name, or a script sets it. */
function declares(text: string, name: string): boolean {
  return new RegExp(`name:\\s*['"]?${name}\\b|(?:^|[\\s;"'])(?:export\\s+)?${name}=`, 'm').test(text)
}

function isAmbiguous(value: string): boolean {
  return /^(true|false|yes|no|null|~|[-+]?\d[\d_]*(\.\d+)?)$/i.test(value)
}

function isTextual(pairs: readonly Pair[]): boolean {
  return pairs.some(({ key }) => isScalar(key) && textual.has(String(key.value)))
}

function offsetOf({ range }: Scalar, form: string, text: string): number {
  const [start = 0, end = 0] = range ?? []
  const at = text.slice(start, end).indexOf(form)
  return start + Math.max(at, 0)
}
