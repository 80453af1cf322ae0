export { type Fault, type FaultEffect } from './core/faults.ts'
export { type Journal, type RecordedRequest } from './core/journal.ts'
export { type Service, type Simulation } from './core/serve.ts'
export { timings, type Timing } from './timings.ts'
