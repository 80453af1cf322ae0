import { mistralAwq } from './models/mistral-awq.ts'
import { mistralInstruct } from './models/mistral-instruct.ts'
import { withoutSafetensors } from './models/without-safetensors.ts'
import type { HubModel } from './repository.ts'

/** The models that the simulated hub has: a public one, a gated one, and one that cannot be baked. */
export const models: readonly HubModel[] = [mistralAwq, mistralInstruct, withoutSafetensors]
