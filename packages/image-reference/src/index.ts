export { ecrRegion } from './ecr-region.ts'
export { formatImageReference, nameOf, type ImageReference } from './image-reference.ts'
export { parseReference, type MalformedReference } from './parse-reference.ts'
export { isReachableRegistry } from './registry-host.ts'
