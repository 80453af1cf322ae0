import { runState } from '@prebake/action-kit'

/** What `main` leaves to `post`: the run's token, saved before anything carries it as a tag, and whether the build came to its end. */
export function buildState() {
  return runState(['runToken', 'region', 'finished'])
}
