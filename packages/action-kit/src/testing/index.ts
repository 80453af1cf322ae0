export { compareWithActionYml } from './compare-with-action-yml.ts'
export { asStep, type StepTranscript } from './as-step.ts'
export { runStep, type PhaseResult, type StartedStep, type Step } from './run-step.ts'
