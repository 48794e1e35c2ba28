"""A release, carried out: the stages in their order, a journal beside the state, and a lease.

A target says what to do as ``Stage`` and ``Step`` (data, ``nuages.steps``); this package does it.
``execute`` performs steps, ``journal`` is what a release has reached, ``lease`` keeps a second
deployer out, ``deployer`` puts them together: prepare, take the lease, go on where a release
died or begin a new one, undo what failed.
"""
