"""Answering some requests before Django does."""

try:
    from asgiref.sync import iscoroutinefunction, sync_to_async
except ImportError:  # Django before 4.0
    from asyncio import iscoroutinefunction

    try:
        from asgiref.sync import sync_to_async
    except ImportError:  # Django before 3.0 is never asynchronous
        sync_to_async = None


def answering(applies, answer):
    """A middleware for WSGI and ASGI: ``answer(request)`` where ``applies(request)``."""

    def factory(get_response):
        if iscoroutinefunction(get_response):

            async def middleware(request):
                if applies(request):
                    return await sync_to_async(answer)(request)
                return await get_response(request)

        else:

            def middleware(request):
                return answer(request) if applies(request) else get_response(request)

        return middleware

    factory.sync_capable = True
    factory.async_capable = True
    return factory


def around(enter, leave):
    """A middleware for WSGI and ASGI: ``leave(enter(request))`` about everything further in."""

    def factory(get_response):
        if iscoroutinefunction(get_response):

            async def middleware(request):
                token = enter(request)
                try:
                    return await get_response(request)
                finally:
                    leave(token)

        else:

            def middleware(request):
                token = enter(request)
                try:
                    return get_response(request)
                finally:
                    leave(token)

        return middleware

    factory.sync_capable = True
    factory.async_capable = True
    return factory


def assembled(current, first, after_security, development):
    """MIDDLEWARE: ``first`` before all, the rest as it was, less what is for development.

    ``after_security`` goes right behind Django's SecurityMiddleware, which redirects to https.
    """
    added = list(first) + list(after_security)
    kept = [name for name in without(current, development) if name not in added]
    security = "django.middleware.security.SecurityMiddleware"
    place = kept.index(security) + 1 if security in kept else 0
    return list(first) + kept[:place] + list(after_security) + kept[place:]


def without(names, packages):
    """Dotted names, less those of some packages."""
    return [name for name in names if name.partition(".")[0] not in packages]
