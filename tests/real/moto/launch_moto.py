"""Starts moto's server with what a fresh account does not have there: Bottlerocket's public parameters, which PutParameter refuses, a default VPC that
leads to the internet, and the builder's instance profile.

Arguments: port, region, name of the instance profile, and a JSON object of parameters by name.
"""

import json
import sys

from moto.core import DEFAULT_ACCOUNT_ID
from moto.core.utils import utcnow
from moto.ec2.models import ec2_backends
from moto.iam.models import iam_backends
from moto.server import main
from moto.ssm.models import Parameter, ssm_backends

port, region, profile, parameters = sys.argv[1:]

ssm = ssm_backends[DEFAULT_ACCOUNT_ID][region]
for name, value in json.loads(parameters).items():
    ssm._parameters[name].append(
        Parameter(DEFAULT_ACCOUNT_ID, name, value, "String", None, None, None, utcnow(), version=1, data_type="text")
    )

ec2 = ec2_backends[DEFAULT_ACCOUNT_ID][region]
vpc = ec2.get_default_vpc() or ec2.create_default_vpc()
gateway = ec2.create_internet_gateway()
ec2.attach_internet_gateway(gateway.id, vpc.id)
table = ec2.describe_route_tables(filters={"vpc-id": [vpc.id], "association.main": ["true"]})[0]
ec2.create_route(table.id, "0.0.0.0/0", gateway_id=gateway.id)

iam = iam_backends[DEFAULT_ACCOUNT_ID]["aws"]
iam.create_role(profile, "{}", "/", None, None, [], "3600")
iam.create_instance_profile(profile, "/", [profile])

main(["-H", "127.0.0.1", "-p", port])
