/** One delay that the simulator plays, in simulated seconds, with where the figure comes from. */
export interface Timing {
  readonly seconds: number
  /** What the seconds stand for. */
  readonly meaning: string
  readonly source: string
}

/**
 * Every delay of the simulation stands here and nowhere else; `pnpm demo --timings` prints this table.
 * They are believable, not measured by us: a simulation proves order and failure handling, never speed.
 */
export const timings = {
  instancePending: {
    seconds: 12,
    meaning: "RunInstances to 'running'",
    source: 'believed; a few to some twenty seconds on Nitro types',
  },
  agentOnline: {
    seconds: 35,
    meaning: "'running' to the SSM agent online",
    source: 'believed; Bottlerocket nodes register within about 30 s (akingscote.co.uk), and the control container is pulled first',
  },
  adminReady: {
    seconds: 10,
    meaning: 'SSM agent online to the admin container running',
    source: 'believed; its image is pulled at boot as well',
  },
  commandStart: {
    seconds: 0.5,
    meaning: 'SendCommand to the start of the shell',
    source: 'believed',
  },
  invocationUnknown: {
    seconds: 1,
    meaning: "SendCommand to the end of 'InvocationDoesNotExist'",
    source: 'aws/aws-sdk#86: seen when polled right after SendCommand',
  },
  instanceStop: {
    seconds: 49,
    meaning: "StopInstances to 'stopped'",
    source: 'data-on-eks, "Preload container images", log of 2024-07-15: 49 s',
  },
  instanceTerminate: {
    seconds: 40,
    meaning: "TerminateInstances to 'terminated'",
    source: 'believed; half a minute to a minute',
  },
  snapshot: {
    seconds: 371,
    meaning: "CreateSnapshot to 'completed', a fresh volume of 150 GiB",
    source: 'data-on-eks, same log: 6 min 11 s',
  },
  hubGigabyteOnOneConnection: {
    seconds: 14.7,
    meaning: 'one connection downloads 10^9 bytes from the model hub',
    source: 'huggingface/xet-core#821: 67-69 MB/s from a fast edge of the network; two in three edges gave 8.7 MB/s',
  },
  hubGigabyteOnAllConnections: {
    seconds: 1.7,
    meaning: 'all connections together download 10^9 bytes from the model hub',
    source: 'believed for EC2; hiyouga/LlamaFactory#6750 reports 600 MB/s with parallel connections in another cloud',
  },
  imageGigabyte: {
    seconds: 17,
    meaning: 'containerd pulls and unpacks an image, for each 10^9 bytes of compressed layers',
    source: 'believed; AWS Machine Learning Blog on the SOCI snapshotter: 4 to 6 minutes for an image of 15 to 20 GB',
  },
} as const satisfies Record<string, Timing>
