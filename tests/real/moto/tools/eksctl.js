#!/usr/bin/env node
// Stands in for eksctl: makes the cluster of the ClusterConfig in moto's EKS, and writes the kubeconfig that the test has. With FAIL_ONCE it fails first.
import { appendFileSync, copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'

const args = process.argv.slice(2)
const { AWS_ENDPOINT_URL, KUBECONFIG, REAL_KUBECONFIG, EKSCTL_LOG, FAIL_ONCE, SUBNETS, VPC } = process.env
appendFileSync(EKSCTL_LOG, `${args.join(' ')}\n`)

if (args[0] === 'version') console.log('0.230.0')
else if (args[0] === 'create') {
  if (FAIL_ONCE && !existsSync(FAIL_ONCE)) {
    writeFileSync(FAIL_ONCE, '')
    console.error('Error: creating CloudFormation stack: AccessDenied')
    process.exit(1)
  }
  const config = readFileSync(0, 'utf8')
  appendFileSync(EKSCTL_LOG, config)
  const name = /^ {2}name: (.+)$/m.exec(config)?.[1]
  const body = { name, roleArn: 'arn:aws:iam::123456789012:role/eks', resourcesVpcConfig: { subnetIds: SUBNETS.split(','), vpcId: VPC } }
  const signature = (service) => `AWS4-HMAC-SHA256 Credential=a/20260101/us-west-2/${service}/aws4_request, SignedHeaders=host, Signature=a`
  // The role of Karpenter's controller, as eksctl names it.
  const role = { Action: 'CreateRole', Version: '2010-05-08', RoleName: `eksctl-${name}-iamservice-role`, AssumeRolePolicyDocument: '{}' }
  await fetch(AWS_ENDPOINT_URL, { method: 'POST', headers: { authorization: signature('iam') }, body: new URLSearchParams(role) })
  const headers = { 'content-type': 'application/json', authorization: signature('eks') }
  const { status } = await fetch(`${AWS_ENDPOINT_URL}/clusters`, { method: 'POST', headers, body: JSON.stringify(body) })
  if (status !== 200) process.exit(1)
} else copyFileSync(REAL_KUBECONFIG, KUBECONFIG)
