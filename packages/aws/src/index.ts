export { connectAws, type AwsConnection } from './connect-aws.ts'
