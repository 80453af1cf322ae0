import { toStdout, workflowCommand, type Write } from './workflow-command.ts'

/**
 * Has the runner show `***` wherever a line of the secret would stand in the log. Line by line, as the log is; a line of one character
 * (the brace of a JSON document) is left out, since masking it would make the whole log unreadable.
 */
export function maskSecret(secret: string, write: Write = toStdout): void {
  for (const line of secret.split(/\r\n|\r|\n/)) {
    if (line.trim().length > 1) write(workflowCommand('add-mask', line.trim()))
  }
}
