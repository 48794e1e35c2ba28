"""nuages.yaml and a project to a deployment: every default is decided here and beside here."""

from __future__ import annotations

from nuages.config import guards, image, jobs, overlay, secret_names, services, stores
from nuages.config.inputs import Inputs
from nuages.config.schema.config import PRODUCTION, Config
from nuages.config.wiring import wiring
from nuages.model import (
    Deployment,
    EnvironmentVariable,
    Network,
    Observability,
    Service,
    Storage,
)
from nuages.project.facts import Project, Variable


def resolve(
    project: Project,
    config: Config | None = None,
    *,
    environment: str = PRODUCTION,
    private: bool = False,
) -> Deployment:
    """Return the deployment of one environment, with nothing left to default further down.

    With ``private`` the generated settings lie in ``.nuages/overlay``, for a tree that stays
    untouched; a project made for SQLite keeps it there. Raises ``ConfigError``, with its place
    in nuages.yaml, for values that contradict each other or the project.
    """
    return _deployment(Inputs(project, config or Config.empty(), environment, private))


def _deployment(inputs: Inputs) -> Deployment:
    database = stores.database(inputs)
    storage = stores.storage(inputs)
    settings = overlay.overlay(inputs, database, storage)
    secrets = secret_names.secrets(inputs, database)
    shared = tuple(s.name for s in secrets if s.name != secret_names.SUPERUSER_PASSWORD)
    web, process = services.web(inputs, database, shared)
    said = inputs.manifest
    return Deployment(
        name=inputs.name,
        environment=inputs.environment,
        provider=inputs.provider.name,
        region=said.region or inputs.provider.region,
        account=said.project or "",
        profile=inputs.profile.name,
        image=image.image(inputs, settings, process, database, storage),
        overlay=settings,
        settings_module=settings.module,
        web=web,
        services=services.beside(inputs, shared),
        jobs=jobs.jobs(inputs, database, shared),
        database=database,
        cache=stores.cache(inputs),
        storage=storage,
        secrets=secrets,
        environment_variables=_environment_variables(inputs, storage),
        domain=said.domain,
        aliases=said.domain_aliases or (),
        network=_network(inputs),
        static="bucket" if said.static == "bucket+cdn" else said.static or "whitenoise",
        static_url=_url(inputs.project.static.value.url, "/static/"),
        media_url=_media_url(inputs),
        cdn=said.static == "bucket+cdn" if said.cdn is None else said.cdn,
        waf=said.waf is not None,
        waf_rate=said.waf.requests_per_minute if said.waf else None,
        contract=_contract(inputs),
        observability=_observability(inputs, web),
        secrets_rotation=said.secrets_rotation,
        **guards.guards(said),
        wiring=wiring(inputs),
    )


def _environment_variables(inputs: Inputs, storage: Storage | None) -> dict[str, str]:
    """Variables that every process gets: our own first, so that nuages.yaml wins."""
    said = inputs.manifest
    found: dict[str, str] = {}
    if said.domain:
        found["DOMAIN"] = said.domain
    if said.domain_aliases:
        found["DOMAIN_ALIASES"] = ",".join(said.domain_aliases)
    if inputs.observability.logs:
        found["LOG_FORMAT"] = inputs.observability.logs
    if inputs.observability.log_level:
        found["LOG_LEVEL"] = inputs.observability.log_level
    if storage is not None and not storage.mount:
        names = {"gcs": "GCS_BUCKET_NAME", "s3": "AWS_STORAGE_BUCKET_NAME"}
        if storage.kind in names:
            found[names[storage.kind]] = storage.bucket
    found |= inputs.variables
    found.pop("DJANGO_SETTINGS_MODULE", None)
    return dict(sorted(found.items()))


def _network(inputs: Inputs) -> Network:
    said = inputs.network
    return Network(
        ingress=inputs.manifest.ingress or "all",
        public=inputs.manifest.access != "private",
        callers=inputs.manifest.callers or (),
        vpc=said.vpc,
        subnets=said.subnets or (),
        egress=said.egress or "private-ranges",
        range=said.range,
        peered=bool(said.peered),
        connector=bool(said.connector),
        perimeter=said.perimeter,
    )


def _observability(inputs: Inputs, web: Service) -> Observability:
    said = inputs.observability
    usual = web.readiness.path if web.readiness else "/"
    check = said.uptime_check
    if check is not None:
        _demand_way_in(inputs)
    return Observability(
        traces=bool(said.traces),
        error_reporting=bool(said.error_reporting),
        uptime_check=(check.path or usual) if check else None,
        alerts=(said.alerts.email or ()) if said.alerts else (),
        dashboard=bool(said.dashboard),
    )


def _demand_way_in(inputs: Inputs) -> None:
    """Raises ConfigError where what asks from outside would only ever be refused."""
    said = inputs.manifest
    shut = "access: private" if said.access == "private" else "ingress: internal"
    if said.access == "private" or said.ingress == "internal":
        message = f"asks from outside, where {shut} lets nobody in"
        raise inputs.error(("observability", "uptime_check"), message, "remove one of the two")


def _url(found: str | None, usual: str) -> str:
    """An absolute path that ends with a slash; a full URL stays."""
    if not found or "{root}" in found:
        return usual
    url = found if found.startswith(("/", "http://", "https://")) else f"/{found}"
    return url if url.endswith("/") else f"{url}/"


def _media_url(inputs: Inputs) -> str:
    value = stores.known_value(inputs, "MEDIA_URL")
    url = _url(value if isinstance(value, str) else None, "/media/")
    return url if url.startswith("/") and url != "/" else "/media/"


def _contract(inputs: Inputs) -> tuple[EnvironmentVariable, ...]:
    return tuple(
        EnvironmentVariable(
            name=variable.name,
            required=variable.required,
            default=variable.default,
            secret=variable.secret,
            read_at=_read_at(variable),
        )
        for variable in inputs.project.contract
    )


def _read_at(variable: Variable) -> str:
    first = variable.reads[0] if variable.reads else None
    return f"{first.path}:{first.line}" if first else ""
