#!/usr/bin/env bash
# Reads SETTINGS (see action.yml) and ENVIRONMENT. Ends with 1 when something is missing or malformed.
set -euo pipefail

# An example of each value, for the line to run.
example() {
  case "$1" in
    PREBAKE_NODE_ROLE) echo KarpenterNodeRole-my-cluster ;;
    PREBAKE_*_ROLE) echo "arn:aws:iam::123456789012:role/prebake-$(tr '[:upper:]' '[:lower:]' <<<"${1:8:${#1}-13}")" ;;
    PREBAKE_INSTANCE_PROFILE) echo prebake-builder ;;
    PREBAKE_CLUSTER_NAME) echo my-cluster ;;
    PREBAKE_APP_CLIENT_ID) echo Iv23liexample ;;
    AWS_REGION) echo us-west-2 ;;
    VLLM_SNAPSHOT_ID) echo snap-0123456789abcdef0 ;;
    *) echo '…' ;;
  esac
}

missing=()
while read -r kind name value; do
  [[ -n $kind ]] || continue
  if [[ -z ${value:-} ]]; then
    case "$kind" in
      secret) missing+=("gh secret set $name --env $ENVIRONMENT --repo $GITHUB_REPOSITORY < file-with-the-value") ;;
      *) missing+=("gh variable set $name --env $ENVIRONMENT --repo $GITHUB_REPOSITORY --body '$(example "$name")'") ;;
    esac
    echo "::error title=The $kind $name is not set::The job's environment $ENVIRONMENT has no $kind $name, and neither has the repository. Set it, then run again."
  elif [[ $name == *_ROLE && $name != PREBAKE_NODE_ROLE && ! $value =~ ^arn:aws[a-z-]*:iam::[0-9]{12}:role/.+ ]]; then
    missing+=("gh variable set $name --env $ENVIRONMENT --repo $GITHUB_REPOSITORY --body '$(example "$name")'")
    echo "::error title=$name is not a role::The variable $name is not the ARN of an IAM role. Set it to one, then run again."
  fi
done <<<"$SETTINGS"

((${#missing[@]} == 0)) && exit
address="${GITHUB_SERVER_URL:-https://github.com}/${PREBAKE_REPOSITORY:-your-org/prebake}/blob/HEAD/docs/workflows.md#settings"
{
  # shellcheck disable=SC2016 # a fence of Markdown
  printf '## Settings are missing\n\nThey belong to the environment `%s` ([what each is for](%s)):\n\n```sh\n' "$ENVIRONMENT" "$address"
  printf '%s\n' "${missing[@]}"
  # shellcheck disable=SC2016 # a fence of Markdown
  printf '```\n'
} >>"$GITHUB_STEP_SUMMARY"
printf 'Run, with a token that may administer the repository:\n'
printf '  %s\n' "${missing[@]}"
exit 1
