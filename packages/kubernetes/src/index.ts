export { connectCluster, type ClusterConnection } from './connect-cluster.ts'
