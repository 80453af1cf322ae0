import { patternOf } from '../../src/kubernetes/form.ts'
import { messageForms } from '../../src/kubernetes/message-forms.ts'
import { logForms } from '../../src/kubernetes/vllm/log-forms.ts'

export const forms = {
  messages: Object.values(messageForms).map(patternOf),
  log: Object.values(logForms).map(patternOf),
}
