import type { SimulatedRequest } from '../core/serve.ts'

const form =
  /^AWS4-HMAC-SHA256 Credential=[^/\s]+\/\d{8}\/[a-z0-9-]+\/(ec2|ssm|kms|servicequotas)\/aws4_request, ?SignedHeaders=[a-z0-9;-]+, ?Signature=[0-9a-f]{64}$/

/** Whether the request is signed in the form of Signature Version 4. The signature itself is not computed again: every key is good. */
export const isSigned = (request: SimulatedRequest): boolean => form.test(request.headers.authorization ?? '')
