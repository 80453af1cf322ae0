import { compileForms } from './forms/compile-forms.ts'
import { kernelForms } from './forms/kernel-forms.ts'
import { memoryForms } from './forms/memory-forms.ts'
import { serverForms } from './forms/server-forms.ts'
import { startForms } from './forms/start-forms.ts'
import { weightsForms } from './forms/weights-forms.ts'
import type { VllmForm } from './vllm-form.ts'

/**
 * The lines that vLLM 0.8 to 0.33 logs while it starts, as read in the wheels of 0.8.5, 0.9.2, 0.10.2, 0.11.2, 0.12.0, 0.13.0,
 * 0.14.1, 0.15.1, 0.17.0, 0.19.1, 0.20.2, 0.22.1, 0.25.1, 0.26.0 and 0.28 to 0.33. If two forms begin alike, the first that matches counts.
 */
export const vllmForms: readonly VllmForm[] = [
  ...startForms,
  ...weightsForms,
  ...compileForms,
  ...memoryForms,
  ...serverForms,
  ...kernelForms,
]
