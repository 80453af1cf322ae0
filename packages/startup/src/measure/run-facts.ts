/** `candidate` is what is judged; `baseline` is what it is compared with, measured in the same job. */
export type Arm = 'candidate' | 'baseline'

/** `cold`: every new pod came on a node that was made for it. `warm`: every one came on a node that was there. */
export type NodeStart = 'cold' | 'warm' | 'mixed'

/** What a measured scale-up was, beside its pods. */
export interface RunFacts {
  readonly arm: Arm
  /** From 1, within its arm. */
  readonly number: number
  readonly mode: 'isolated' | 'in-place'
  readonly nodes: NodeStart
  /** How the nodes came to be fresh, or that they were not made fresh: one sentence without a full stop. */
  readonly nodesMade: string
  /** Who else made or removed pods meanwhile, one sentence without a full stop: such a run gives no verdict. */
  readonly disturbed?: string
}

/** How a new pod answered its first completion, and a second one. */
export type FirstToken = MeasuredFirstToken | { readonly notMeasured: string }

export interface MeasuredFirstToken {
  /** The first completion that the pod was sent: from its request to its first token. */
  readonly coldSeconds: number
  /** The same of the second one. */
  readonly warmSeconds: number
  /** Scale request to the first token. */
  readonly afterScaleSeconds: number
  /** Container start to the first token. Left out where no signal shows the start. */
  readonly afterContainerStartSeconds?: number
  /** As `/v1/models` names it. */
  readonly model: string
}
