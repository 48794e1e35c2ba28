"""The command lines as one reads them."""

from __future__ import annotations

from nuages.steps import terraform


def test_init_opens_the_state_in_a_bucket() -> None:
    assert " ".join(terraform.init("terraform", "my-state")) == (
        "terraform init -input=false -no-color -reconfigure -backend-config=bucket=my-state"
    )


def test_init_with_a_backend_that_is_complete() -> None:
    assert " ".join(terraform.init("tofu", upgrade=True)) == (
        "tofu init -input=false -no-color -reconfigure -upgrade"
    )


def test_plan() -> None:
    argv = terraform.plan(
        "terraform",
        "/tmp/plan",
        var_files=["staging.tfvars.json"],
        variables={"released": "false", "project_id": "my-project"},
    )
    assert " ".join(argv) == (
        "terraform plan -input=false -no-color -out=/tmp/plan -detailed-exitcode -lock-timeout=60s"
        " -var-file=staging.tfvars.json -var=project_id=my-project -var=released=false"
    )


def test_a_plan_that_nobody_applies_needs_no_lock() -> None:
    assert " ".join(terraform.plan("terraform", "plan", lock_timeout=None)) == (
        "terraform plan -input=false -no-color -out=plan -detailed-exitcode -lock=false"
    )


def test_a_plan_to_destroy() -> None:
    assert " ".join(terraform.plan("terraform", "plan", destroy=True, lock_timeout="5s")) == (
        "terraform plan -input=false -no-color -out=plan -detailed-exitcode -lock-timeout=5s"
        " -destroy"
    )


def test_show() -> None:
    assert " ".join(terraform.show("tofu", "plan")) == "tofu show -json -no-color plan"


def test_apply_carries_out_a_plan() -> None:
    assert " ".join(terraform.apply("terraform", "plan")) == (
        "terraform apply -input=false -no-color -lock-timeout=60s plan"
    )


def test_output() -> None:
    assert " ".join(terraform.output("terraform")) == "terraform output -json -no-color"


def test_force_unlock() -> None:
    assert " ".join(terraform.force_unlock("terraform", "17")) == "terraform force-unlock -force 17"


def test_destroy() -> None:
    argv = terraform.destroy("terraform", var_files=["a.json"], variables={"image": "x@sha256:1"})
    assert " ".join(argv) == (
        "terraform destroy -input=false -no-color -auto-approve -lock-timeout=60s"
        " -var-file=a.json -var=image=x@sha256:1"
    )


def test_validate_and_version() -> None:
    assert " ".join(terraform.validate("terraform")) == "terraform validate -json"
    assert " ".join(terraform.version("terraform")) == "terraform version -json"
