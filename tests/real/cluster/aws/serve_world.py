"""Starts moto's server with a world in it that its own API cannot make: Bottlerocket's public parameters and images, a role, tags for Karpenter.

usage: serve_world.py PORT WORLD.json
"""
import datetime
import json
import os
import sys

port, world = int(sys.argv[1]), json.load(open(sys.argv[2], encoding="utf-8"))
os.environ["MOTO_AMIS_PATH"] = world["images"]  # read when moto is imported

from moto.ec2.models import ec2_backends  # noqa: E402
from moto.iam.models import iam_backends  # noqa: E402
from moto.server import main  # noqa: E402
from moto.ssm.models import Parameter, ssm_backends  # noqa: E402

account, region = world["account"], world["region"]

ssm = ssm_backends[account][region]
for name, value in world["parameters"].items():
    ssm._parameters[name].append(
        Parameter(
            account_id=account, name=name, value=value, parameter_type="String", description=None, allowed_pattern=None,
            keyid=None, last_modified_date=datetime.datetime.now(datetime.timezone.utc), version=1, data_type="text",
        )
    )

iam_backends[account]["aws"].create_role(
    role_name=world["role"], assume_role_policy_document="{}", path="/", permissions_boundary=None, description="",
    tags=[], max_session_duration="3600",
)

ec2 = ec2_backends[account][region]
discovery = {"karpenter.sh/discovery": world["cluster"]}
for resource in [*ec2.describe_subnets(), *ec2.describe_security_groups()]:
    ec2.create_tags([resource.id], discovery)

main(["-H", "127.0.0.1", "-p", str(port)])
