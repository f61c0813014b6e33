"""scripts/bench: figures of speed, one module for each.

A figure's module has ``TITLE``, ``run(bench)`` that prepares databases and returns
a list of :class:`~desk.bench.table.Table`, and functions that run inside Odoo, see
:meth:`~desk.bench.main.Bench.measure`. It is named in ``FIGURES`` of main.py.
"""
