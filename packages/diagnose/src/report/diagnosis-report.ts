import type { Diagnosis } from '../diagnose-startup.ts'

/** The diagnosis as JSON, for the next step of a workflow. */
export const diagnosisReport = (diagnosis: Diagnosis) => ({ version: 1, ...diagnosis })
