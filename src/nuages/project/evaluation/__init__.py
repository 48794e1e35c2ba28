"""A partial evaluator of Python for settings modules.

It walks the syntax tree of the user's modules (``source``), computes with values that know
which environment variables they came from (``values``), follows conditions that are known and
joins both branches of those that are not (``branches``). Nothing is imported: the libraries
that settings use are modelled in ``libraries``; any other is an opaque symbol.

    source → machine ─┬─ statements · branches · loops · handlers · imports
                      ├─ expressions · operators · calls · classes · methods
                      └─ libraries
"""
