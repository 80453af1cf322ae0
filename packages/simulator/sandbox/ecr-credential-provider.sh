#!/usr/bin/env bash
# Stands for the kubelet's ecr-credential-provider: reads a CredentialProviderRequest, answers for ECR's registries (cloud-provider-aws,
# cmd/ecr-credential-provider), and fails as for a role without the permission where the sandbox has no password for ECR.
set -eu
request=$(cat)
[[ $request =~ \"apiVersion\":\"credentialprovider.kubelet.k8s.io/v1\" && $request =~ \"kind\":\"CredentialProviderRequest\" ]] ||
  { echo 'E1124 main.go:150] Error running credential provider plugin: the request is none' >&2; exit 1; }
[[ $request =~ \"image\":\"([0-9]{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com)/ ]] ||
  { echo 'E1124 main.go:150] Error running credential provider plugin: not a valid ECR repository URL' >&2; exit 1; }
[[ $PREBAKE_SANDBOX_ECR_PASSWORD && $HOME == /root ]] ||
  { echo 'E1124 main.go:150] Error running credential provider plugin: AccessDeniedException: not authorized to perform: ecr:GetAuthorizationToken' >&2; exit 1; }
printf '{"kind":"CredentialProviderResponse","apiVersion":"credentialprovider.kubelet.k8s.io/v1","cacheKeyType":"Registry","cacheDuration":"6h0m0s","auth":{"%s":{"username":"AWS","password":"%s"}}}\n' \
  "${BASH_REMATCH[1]}" "$PREBAKE_SANDBOX_ECR_PASSWORD"
