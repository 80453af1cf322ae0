export { connectCluster, type ClusterAccess, type ClusterConnection } from './connect-cluster.ts'
