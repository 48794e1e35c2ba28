"""One JSON object a line on standard output, with the severity that log viewers look for.

LOG_FORMAT=google writes the same with the fields that Google Cloud reads: the trace of a line,
and with ERROR_REPORTING=on an exception as Error Reporting counts it.
https://docs.cloud.google.com/logging/docs/structured-logging
https://docs.cloud.google.com/error-reporting/docs/formatting-error-messages
"""

import json
import logging
import logging.config
import os
import re
import sys
from datetime import datetime, timezone

from . import environment
from .middleware import around

try:
    from contextvars import ContextVar
except ImportError:  # Python 3.6: then only what has a request at hand tells its trace
    ContextVar = None

_W3C = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})\Z")
_GOOGLE = re.compile(r"([0-9a-f]{32})(?:/(\d+))?(?:;o=(\d))?\Z")
_REPORTED = "type.googleapis.com/google.devtools.clouderrorreporting.v1beta1.ReportedErrorEvent"
# Of a web service, a worker and a job: https://docs.cloud.google.com/run/docs/container-contract
_SERVICES = ("K_SERVICE", "CLOUD_RUN_WORKER_POOL", "CLOUD_RUN_JOB")
_VERSIONS = ("K_REVISION", "CLOUD_RUN_WORKER_POOL_REVISION", "CLOUD_RUN_EXECUTION")
_current = ContextVar("trace", default=None) if ContextVar else None


class JsonFormatter(logging.Formatter):
    def format(self, record):
        entry = {
            "severity": record.levelname,
            "time": datetime.fromtimestamp(record.created, timezone.utc).isoformat(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if getattr(record, "status_code", None):
            entry["status"] = record.status_code
        entry.update(self.of_trace(trace_of(record)))
        if record.exc_info:
            entry.update(self.of_error(record))
        return json.dumps(entry, default=str)

    def of_trace(self, trace):
        return {"trace_id": trace[0]} if trace else {}

    def of_error(self, record):
        return {"exception": self.formatException(record.exc_info)}


class GoogleFormatter(JsonFormatter):
    def of_trace(self, trace):
        if not trace:
            return {}
        project = os.environ.get("GOOGLE_CLOUD_PROJECT")
        trace_id, span_id, sampled = trace
        found = {
            "logging.googleapis.com/trace": "projects/%s/traces/%s" % (project, trace_id)
            if project
            else trace_id,
            "logging.googleapis.com/trace_sampled": sampled,
        }
        if span_id:
            found["logging.googleapis.com/spanId"] = span_id
        return found

    def of_error(self, record):
        found = {"stack_trace": self.formatException(record.exc_info)}
        if environment.text("ERROR_REPORTING").lower() not in environment.ON:
            return found
        found["@type"] = _REPORTED
        found["serviceContext"] = {
            "service": environment.text(*_SERVICES, default="django"),
            "version": environment.text(*_VERSIONS),
        }
        request = getattr(record, "request", None)
        if request is not None and hasattr(request, "META"):
            found["context"] = {"httpRequest": _http_request(request, record)}
        return found


def _http_request(request, record):
    """Without the query, which may hold what is nobody's business."""
    return {
        "method": request.method,
        "url": request.path,
        "userAgent": request.META.get("HTTP_USER_AGENT", ""),
        "responseStatusCode": getattr(record, "status_code", 500),
    }


# --- the trace that a request belongs to ----------------------------------------------------


def trace_of(record):
    """Of the request that a line is about, or within which it is written."""
    request = getattr(record, "request", None)
    if hasattr(request, "META"):
        return read(request.META)
    found = _current.get() if _current else None
    return found or _of_span()


def _of_span():
    """Of what OpenTelemetry traces here, where it does: a task, a command."""
    traced = sys.modules.get("opentelemetry.trace")
    context = traced.get_current_span().get_span_context() if traced else None
    if context is None or not context.is_valid:
        return None
    return "%032x" % context.trace_id, "%016x" % context.span_id, context.trace_flags.sampled


def read(headers):
    """Trace, span and whether it is sampled, as the load balancer says; None without one."""
    match = _W3C.match(headers.get("HTTP_TRACEPARENT", ""))
    if match:
        return match.group(1), match.group(2), bool(int(match.group(3), 16) & 1)
    match = _GOOGLE.match(headers.get("HTTP_X_CLOUD_TRACE_CONTEXT", ""))
    if match:
        span = "%016x" % (int(match.group(2)) % 2**64) if match.group(2) else ""
        return match.group(1), span, match.group(3) == "1"
    return None


def _enter(request):
    return _current.set(read(request.META)) if _current else None


def _leave(token):
    if token is not None:
        _current.reset(token)


TraceMiddleware = around(_enter, _leave)


def logging_settings(level, form):
    """LOGGING: everything to standard output; ``form``: json, google, or text for people."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {"()": JsonFormatter},
            "google": {"()": GoogleFormatter},
            "text": {"format": "%(asctime)s %(levelname)-8s %(name)s: %(message)s"},
        },
        "handlers": {
            "stdout": {
                "class": "logging.StreamHandler",
                "stream": "ext://sys.stdout",
                "formatter": form if form in ("json", "google", "text") else "json",
            }
        },
        "root": {"handlers": ["stdout"], "level": level},
        # Django sends its own to the console only while DEBUG is on: let them through to root.
        "loggers": {
            "django": {"handlers": [], "level": level, "propagate": True},
            "django.server": {"handlers": [], "level": level, "propagate": True},
        },
    }


def everywhere(settings):
    """The same in Celery's workers, which bring a form of their own.

    Where errors are counted, a process that ends by one says so in one line, too: a traceback of
    many lines is none that Error Reporting knows.
    """
    if "celery" in sys.modules:
        from celery.signals import setup_logging

        def keep(**_):
            logging.config.dictConfig(settings)

        setup_logging.connect(keep, weak=False, dispatch_uid=__name__)
    before = sys.excepthook
    if settings["handlers"]["stdout"]["formatter"] == "google" and before is not _uncaught:
        _uncaught.before = before
        sys.excepthook = _uncaught


def _uncaught(kind, value, trace):
    before = _uncaught.before
    if issubclass(kind, KeyboardInterrupt) or not logging.getLogger().handlers:
        before(kind, value, trace)
        return
    said = "%s: %s" % (kind.__name__, value)
    logging.getLogger("uncaught").critical(said, exc_info=(kind, value, trace))
    if before is not sys.__excepthook__:  # somebody else counts errors here, too
        before(kind, value, trace)
