export { compareWithActionYml } from './compare-with-action-yml.ts'
export { asStep, type StepTranscript } from './as-step.ts'
