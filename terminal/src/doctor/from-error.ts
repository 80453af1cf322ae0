import { CancelledError, InputError, messageOf, PrebakeError } from '@prebake/kernel'
import type { DoctorFinding, Examined } from './finding.ts'

/** A part that could not be examined is a finding of its own. @throws what is no error of the services: a cancel, a fault of the program */
export async function orFindings(work: () => Promise<Examined>): Promise<Examined> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof CancelledError || !(error instanceof PrebakeError)) throw error
    return { findings: findingsOf(error), notChecked: [] }
  }
}

function findingsOf(error: PrebakeError): readonly DoctorFinding[] {
  if (error instanceof InputError) {
    return error.problems.map(({ code = 'unknown', input, wrong, remedy }) => ({
      code,
      severity: 'error',
      cause: `${input}: ${wrong}`,
      remedy,
      evidence: [],
    }))
  }
  const evidence = error.cause === undefined ? [] : [messageOf(error.cause)]
  return [{ code: error.errorCode ?? 'unknown', severity: 'error', cause: error.message, remedy: error.hint ?? '', evidence }]
}
