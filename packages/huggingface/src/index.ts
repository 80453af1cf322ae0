export { huggingFaceHub, type HuggingFaceOptions } from './hugging-face-hub.ts'
