"""Very many rows, copied with SQL from a few that Odoo has made."""


def copy_row(cursor, table, row_id, values, **columns):
    """Insert copies of one row, numbered ``n`` from 1 to ``values["count"]``.

    :param values: what ``columns`` refer to as ``%(name)s``
    :param columns: SQL of the columns that differ from the copied row's
    """
    copy_rows(cursor, table, f"t.id = {row_id}", values, **columns)


def copy_rows(cursor, table, condition, values, **columns):
    """Insert copies of the rows ``t`` that meet an SQL condition."""
    cursor.execute(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_name = %s AND table_schema = current_schema",
        [table],
    )
    names = [name for (name,) in cursor.fetchall()]
    sources = [columns.get(name, f't."{name}"') for name in names]
    quoted = ", ".join(f'"{name}"' for name in names)
    cursor.execute(
        f"INSERT INTO {table} ({quoted}) SELECT {', '.join(sources)}"
        f" FROM {table} t, generate_series(1, %(count)s) n WHERE {condition}",
        values,
    )


def copy_record(record, values, **columns):
    """Insert copies of a record behind all others of its model; return their offset.

    The copy number ``n`` has the id offset + n.
    """
    record.ensure_one()
    cursor, table = record.env.cr, record._table
    cursor.execute(f"SELECT max(id) FROM {table}")
    offset = cursor.fetchone()[0]
    copy_row(cursor, table, record.id, values, id=f"{offset} + n", **columns)
    cursor.execute(f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))")
    return offset


def settle(bench, database, tables):
    """Leave no trace of how rows were made, and statistics as autovacuum has them."""
    for name in tables:
        for command in ("VACUUM FULL", "VACUUM ANALYZE"):
            bench.databases.query(database, f"{command} {name}")
