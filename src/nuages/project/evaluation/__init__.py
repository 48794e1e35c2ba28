"""A partial evaluator of Python for settings modules.

It walks the syntax tree of the user's modules, computes with values that know which
environment variables they came from, follows conditions that are known and joins both branches
of those that are not. Nothing is imported: the libraries that settings use are modelled in
``libraries``, after their own sources; any other is an opaque symbol.

    source, names             text to syntax trees, and what they assign
    values, compute           a value and its origins; plain functions on values
    state, machine            one evaluation, and the dispatch from a node to its meaning
    expressions, operations, operators, containers, comprehensions, calls, methods
    statements, targets, branches, blocks, functions, definitions, records
    imports, namespaces, symbols, builtin, iteration, dependencies
    outcome, reads, variables the facts: settings, and the contract

A new kind of syntax is one function under ``@expression`` or ``@statement``; a new function of
a library is one under ``@library("its.dotted.name")``.
"""
