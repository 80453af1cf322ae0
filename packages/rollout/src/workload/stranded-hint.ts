/** What makes pods move with their nodes. */
export const strandedHint =
  'Nothing moves these pods. Give each content of the EC2NodeClass a name of its own, `<name>-${NODECLASS_HASH}`, in its `metadata.name` and in the ' +
  "NodePool's `nodeClassRef.name`; write the same into a label `prebake.dev/nodeclass` under the NodePool's `spec.template.metadata.labels`, and into the " +
  "pods' `nodeSelector`."
