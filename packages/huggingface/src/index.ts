export { hubErrors, type HubErrorCode } from './error-codes.ts'
export { hubEndpoint, parseHubEndpoint } from './hub-endpoint.ts'
export { huggingFaceHub, type HuggingFaceOptions } from './hugging-face-hub.ts'
