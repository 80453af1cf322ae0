export { connectAws, type AwsConnection } from './connect-aws.ts'
export { connectEks, type EksCluster, type EksOptions } from './connect-eks.ts'
