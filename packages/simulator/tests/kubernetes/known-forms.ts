import { logForms, messageForms, type Form } from '../../src/kubernetes/form.ts'

/** What every filled form looks like. */
export const patternOf = (form: Form): RegExp =>
  new RegExp(
    `^${form
      .split(/\{\w+\}/)
      .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`))
      .join('.+')}$`,
    's',
  )

export const forms = {
  messages: Object.values(messageForms).map(patternOf),
  log: Object.values(logForms).map(patternOf),
}
