export { clusterInputs, judgeClusterInputs } from './cluster-inputs.ts'
export { openCluster, type ClusterInputs } from './open-cluster.ts'
