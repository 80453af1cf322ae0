import { incompleteUpload } from './models/incomplete-upload.ts'
import { mistralAwq } from './models/mistral-awq.ts'
import { mistralInstruct } from './models/mistral-instruct.ts'
import { mixtureOfExperts } from './models/mixture-of-experts.ts'
import { withoutSafetensors } from './models/without-safetensors.ts'
import type { HubModel } from './repository.ts'

/** The models that the simulated hub has: a public one, a gated one, one with the shapes of large models, and two that cannot be baked. */
export const models: readonly HubModel[] = [mistralAwq, mistralInstruct, mixtureOfExperts, withoutSafetensors, incompleteUpload]
