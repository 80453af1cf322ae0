/** The process that wrote a line, read from the tag in front of it. */
export interface Speaker {
  /** The tag with its process ID: `Worker_TP0 pid=57`. Empty if the line has none. */
  readonly process: string
  /** The data-parallel rank of its engine. Undefined for the API server, and if there is only one engine. */
  readonly engine: string | undefined
}

export const noSpeaker: Speaker = { process: '', engine: undefined }

/**
 * `(EngineCore_DP0 pid=178) `, `(EngineCore_0 pid=…)`, `(VllmWorker rank=0 pid=…)`, `(Worker_DP1_TP0_EP2 pid=…)`, with Ray `(RayWorkerWrapper pid=…, ip=…)`;
 * in JSON `"processName": "EngineCore_DP0", … "process": 80`.
 * @param header what stands before the message.
 */
export function speakerOf(header: string): Speaker {
  const pid = header.lastIndexOf(' pid=')
  if (pid === -1) {
    const name = /"processName": ?"(?<name>[^"]*)"/.exec(header)?.groups?.['name']
    return name === undefined ? noSpeaker : speaker(name, `${name} ${/"process": ?(\d+)/.exec(header)?.[1] ?? ''}`)
  }
  const open = header.lastIndexOf('(', pid)
  const close = header.indexOf(')', pid)
  return speaker(header.slice(open + 1, pid), header.slice(open + 1, close === -1 ? undefined : close))
}

function speaker(name: string, process: string): Speaker {
  return { process, engine: /(?:_DP|EngineCore_)(\d+)/.exec(name)?.[1] }
}
