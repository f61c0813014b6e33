"""What a figure comes to: tables, and lines that compare plain Odoo with ours."""

from dataclasses import dataclass, field

MET = {True: "yes", False: "NO", None: ""}


@dataclass
class Table:
    """Rows of texts under a heading; ``missed`` names the targets not met."""

    title: str
    headings: tuple
    rows: list = field(default_factory=list)
    missed: list = field(default_factory=list)
    notes: list = field(default_factory=list)

    def add(self, label, *cells, target="", met=None):
        """Append a row that ends in its target and whether it is met."""
        self.rows.append([label, *cells, target, MET[met]])
        if met is False:
            self.missed.append(f"{label}: {target}")

    def __str__(self):
        rows = [
            list(self.headings),
            *([str(cell) for cell in row] for row in self.rows),
        ]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = [_line(row, widths) for row in rows]
        rule = "  ".join("─" * width for width in widths)
        texts = [self.title, "", lines[0], rule, *lines[1:]]
        return "\n".join([*texts, *(f"  {note}" for note in self.notes)])


def _line(cells, widths):
    first, *others = zip(cells, widths, strict=True)
    words = [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]
    return "  ".join(words).rstrip()


def compared(title, other="plain Odoo", short="plain"):
    """Return an empty table of plain Odoo, or what else ``other`` is, against ours."""
    times = ("", other, "order desk", "ratio")
    return Table(title, (*times, f"SQL {short}", "SQL desk", "target", "met"))


def add_pair(table, label, pair, count, most=None, same_queries=False):
    """Add a row that compares both sides.

    :param pair: what :func:`desk.bench.inside.summary` returns
    :param count: number of records; times and queries are shown for one
    :param most: the highest ratio of time allowed
    :param same_queries: no query more is allowed
    """
    targets, met = [], []
    if most:
        targets.append(f"≤ {most}")
        met.append(pair["ratio"] <= most)
    if same_queries:
        targets.append("no query more")
        met.append(pair["queries"][1] <= pair["queries"][0])
    table.add(
        label,
        *(milliseconds(seconds / count) for seconds in pair["seconds"]),
        f"{pair['ratio']:.3f} ±{pair['spread']:.3f}",
        *(number(queries / count) for queries in pair["queries"]),
        target=", ".join(targets),
        met=all(met) if met else None,
    )


def milliseconds(seconds):
    return f"{seconds * 1000:.1f} ms"


def number(value):
    return f"{value:.2f}".rstrip("0").rstrip(".")
