export { connectCluster, type ClusterAccess, type ClusterConnection } from './connect-cluster.ts'
export { clusterErrors, type ClusterErrorCode } from './error-codes.ts'
