"""The world: one project, its server, what exists in it, and what is to go wrong."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fakes.google import mirror, services
from fakes.google.calls import Json
from fakes.google.discovery import APIS, api
from fakes.google.errors import GoogleError
from fakes.google.failures import Failure, Failures, OperationFailure, Where, always
from fakes.google.kinds import SECRET, SERVICE
from fakes.google.noticing import Noticing
from fakes.google.operations import Operations
from fakes.google.policies import Policies
from fakes.google.server import Logged, Server
from fakes.google.services.builds import nothing_built
from fakes.google.services.secrets import payload
from fakes.google.signers import Signers
from fakes.google.still import StillRuntime
from fakes.google.store import Store
from fakes.google.tokens import Tokens

if TYPE_CHECKING:
    from fakes.google.protocol import Runtime
    from fakes.google.terraform import Kind

assert services
# gcloud's names for APIs (api_endpoint_overrides): cloud.google.com/sdk/gcloud/reference/config
OVERRIDES = {"sqladmin": "SQL"}


class GoogleWorld:
    """A Google Cloud project on loopback.

    Args:
        folder: where everything lies; made if missing.
        runtime: what runs containers; by default nothing runs and all is ready at once.
        own_key: a key that no other world of this process has.
    """

    def __init__(
        self,
        folder: Path,
        project: str = "jazz-club",
        runtime: Runtime | None = None,
        own_key: bool = False,
    ) -> None:
        self.own_key = own_key
        self.folder, self.project, self.port = folder, project, 0
        self.project_number = "987654321098"  # fakecloud's
        self.store = folder / "store"
        self.store.mkdir(parents=True, exist_ok=True)
        self.runtime: Runtime = runtime or StillRuntime()
        self.log: list[Logged] = []
        self.failures = Failures()
        self.signers = Signers()
        self.resources = Store(self.store, folder / "objects", project)
        self.operations = Operations()
        self.policies = Policies(self)
        self.noticing = Noticing(self)
        self.terraform_errors: list[GoogleError] = []
        self.checks_accessors = True  # may a revision read its secrets?
        self.uploads: dict[str, tuple[str, Json, Json, bytearray]] = {}
        self.denied_permissions: set[str] = set()
        self.metrics_delay = 0.0  # seconds until Monitoring shows a count: up to 240 at Google
        self.builder: Callable[[Json, bytes | None], Json] = nothing_built
        self.billing_account = "billingAccounts/012345-6789AB-CDEF01"
        self.never_ready: set[str] = set()
        self._busy: dict[str, threading.RLock] = {}
        self.exits: dict[str, int] = {}
        self.hanging: set[str] = set()
        self.exit_codes: dict[str, int] = {}

    # -- life
    def start(self) -> GoogleWorld:
        self._server = Server(self)
        self.port = self._server.server_address[1]
        self.tokens = Tokens(self.project, f"{self.url}/token", self.own_key)
        self.tokens.write_account(self.folder / "account.json")
        self._terraform: Path | None = None
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        self.runtime.start(self)
        return self

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self.runtime.stop()

    def __enter__(self) -> GoogleWorld:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def endpoint(self, name: str) -> str:
        """Of "run.v2": stands where the discovery document has its rootUrl."""
        return f"{self.url}/{api(name).host}/"

    def environment(self) -> dict[str, str]:
        """What a program is given to use this project, and nothing of the real Google."""
        self._terraform = self._terraform or mirror.write(self.url, self.folder)
        overrides = {}
        for name in APIS:
            short = name.split(".")[0]
            variable = OVERRIDES.get(short, short.upper())
            overrides[f"CLOUDSDK_API_ENDPOINT_OVERRIDES_{variable}"] = self.endpoint(name)
        storage = f"{self.url}/storage.googleapis.com/storage/v1/"
        return {
            **overrides,
            **({"TF_CLI_CONFIG_FILE": str(self._terraform)} if self._terraform else {}),
            "CLOUDSDK_API_ENDPOINT_OVERRIDES_SQLADMIN": self.endpoint("sqladmin.v1"),
            "GOOGLE_APPLICATION_CREDENTIALS": str(self.folder / "account.json"),
            "GOOGLE_CLOUD_PROJECT": self.project,
            "GOOGLE_BACKEND_STORAGE_CUSTOM_ENDPOINT": storage,
            "GOOGLE_STORAGE_CUSTOM_ENDPOINT": storage,
            "FAKECLOUD_STORE": str(self.store),
            "NO_GCE_CHECK": "true",
        }

    # -- what exists
    def normal(self, name: str) -> str:
        """A resource name with the project's id where its number may stand too."""
        head, *rest = name.split("/")
        if head == "projects" and rest and rest[0] in (self.project_number, "-"):
            rest[0] = self.project
        return "/".join([head, *rest])

    def busy(self, name: str) -> threading.RLock:
        """Held while that resource is being brought to what is wanted of it."""
        with self.resources.lock:
            return self._busy.setdefault(name, threading.RLock())

    def notice_terraform(self) -> list[GoogleError]:
        """Takes up what Terraform changed in the store since the last request.

        Returns:
            what Google would have refused of it.
        """
        errors = self.noticing.take_up()
        self.terraform_errors += errors
        return errors

    def write_only(self, kind: Kind, ident: str, attribute: str) -> str | None:
        """What Terraform gave for an argument that no state holds (see provider.py)."""
        name = re.sub(r"[^\w.-]", "~", f"{kind.type}~{ident}")[:200]
        path = self.folder / "write-only" / f"{name}.json"
        return json.loads(path.read_text("utf-8")).get(attribute) if path.exists() else None

    # -- what the runtime asks
    def secret(self, name: str, version: str = "latest") -> bytes | None:
        """The payload of an enabled version; None where there is none."""
        return payload(self, name, version)

    def secret_names(self) -> list[str]:
        """Of every secret, in full."""
        return self.resources.names(SECRET)

    def invokers(self, service: str) -> set[str]:
        """Who may call a service (or run a job): "allUsers", "serviceAccount:…"."""
        roles = ("roles/run.invoker", "roles/run.servicesInvoker", "roles/run.admin")
        places = (service, f"projects/{self.project}")
        owner = f"serviceAccount:{self.tokens.email}"  # of the project, and so of all in it
        return {owner} | {
            member
            for role in roles
            for place in places
            for member in self.policies.members(place, role)
        }

    def ingress(self, service: str) -> str:
        """Where its requests may come from: "INGRESS_TRAFFIC_ALL", …"""
        return str((self.resources.get(SERVICE, service) or {}).get("ingress", ""))

    def identity(self, token: str) -> dict[str, Any] | None:
        """The claims of an ID token that this world gave out; None for any other text."""
        return self.tokens.identity(token)

    # -- what is to go wrong
    def fail(
        self,
        method: str,
        status: int = 503,
        times: int = 1,
        after_effect: bool = False,
        message: str = "",
        where: Where = always,
    ) -> None:
        """Answers with that status, instead of the effect or after it. `method` may be a glob;
        `where` tells the requests that are meant.
        """
        self.failures.requests.append(
            Failure(method, status, times, after_effect, message=message, where=where)
        )

    def cut(
        self, method: str, times: int = 1, after_effect: bool = True, where: Where = always
    ) -> None:
        """Hangs up without an answer, by default when everything has been done."""
        self.failures.requests.append(Failure(method, 0, times, after_effect, where=where))

    def hang(
        self,
        method: str,
        seconds: float,
        times: int = 1,
        after_effect: bool = False,
        where: Where = always,
    ) -> None:
        """Answers rightly, but late."""
        failure = Failure(method, None, times, after_effect, seconds, where=where)
        self.failures.requests.append(failure)

    def when(
        self,
        method: str,
        does: Callable[[], None],
        times: int = 1,
        after_effect: bool = False,
        where: Where = always,
    ) -> None:
        """Calls that when such a request comes, before or after its effect; then answers."""
        failure = Failure(method, None, times, after_effect, where=where, does=does)
        self.failures.requests.append(failure)

    def end_operation_in_error(
        self,
        method: str,
        status: int = 500,
        message: str = "Internal error encountered.",
        times: int = 1,
        after_effect: bool = False,
        where: Where = always,
    ) -> None:
        """The operation that `method` starts fails, without or after its effect."""
        self.failures.operations.append(
            OperationFailure(method, status, message, times, after_effect, where=where)
        )

    def delay_operation(
        self, method: str, seconds: float, times: int = 1, where: Where = always
    ) -> None:
        """The operation that `method` starts takes so much longer, and then succeeds."""
        failure = OperationFailure(method, 0, "", times, True, seconds, where)
        self.failures.operations.append(failure)

    def job_exits(self, job: str, code: int) -> None:
        """Executions of that job (its short name) exit with that code, until 0 is set."""
        self.exits[job] = code

    def job_hangs(self, job: str, hangs: bool = True) -> None:
        """Executions of that job (its short name) wait until their timeout or their end."""
        (self.hanging.add if hangs else self.hanging.discard)(job)

    def revision_never_ready(self, service: str, never: bool = True) -> None:
        """New revisions of that service or worker pool (its short name) do not come up."""
        (self.never_ready.add if never else self.never_ready.discard)(service)
