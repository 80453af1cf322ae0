/**
 * Bottlerocket settings of a builder, as TOML.
 *
 * The scripts run in the admin container; it has no other settings, so it starts no SSH server (facts B3). The host is named by its instance ID: by default
 * a Kubernetes variant asks EC2 for its private DNS name at boot (pluto, `generate_node_name`). The builder's role would need ec2:DescribeInstances for
 * that, and without it no further service starts, including the SSM agent.
 */
export const userData = `[settings.host-containers.admin]
enabled = true

[settings.kubernetes]
hostname-override-source = "instance-id"
`
