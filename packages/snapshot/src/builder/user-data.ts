/**
 * Bottlerocket settings of a builder, as TOML.
 *
 * The admin container is what the scripts run in; nothing else is set for it, so that it starts no SSH server (facts B3). And the host is named by its
 * instance ID: by default a Kubernetes variant asks EC2 for its private DNS name at boot (pluto, `generate_node_name`), for which the builder's role would need
 * ec2:DescribeInstances; without it no further service starts, the SSM agent included.
 */
export const userData = `[settings.host-containers.admin]
enabled = true

[settings.kubernetes]
hostname-override-source = "instance-id"
`
