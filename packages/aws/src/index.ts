export type { Account } from './client-settings.ts'
export { awsErrors, type AwsErrorCode } from './error-codes.ts'
export { connectAws, type AwsConnection, type AwsOptions } from './connect-aws.ts'
export { connectEks, type EksCluster, type EksOptions } from './connect-eks.ts'
