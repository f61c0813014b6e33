"""What the web client asks the server for, read from the views in the database."""

import ast

COUNT_LIMIT = 10_000  # of a view that names none
LIMIT = 80  # of an action that names none
LINES = 40  # of a list in a form that names no number
SEARCH_DEFAULT = "search_default_"
TAGS = ("many2many_tags", "many2many_tags_avatar", "many2many_avatar_user")
#: fields that a widget of the web client reads besides its own
ACTIVITY_FIELDS = (
    "activity_exception_decoration",
    "activity_exception_icon",
    "activity_state",
    "activity_summary",
    "activity_type_icon",
    "activity_type_id",
)
WIDGET_FIELDS = {
    "kanban_activity": ACTIVITY_FIELDS,
    "list_activity": ACTIVITY_FIELDS,
}


class View:
    """What the web client asks for when it opens an action.

    :param kind: which of the action's views, the first by default
    :param filter_name: of the search view, the action's default ones by default
    :param limit: number of records of a page, the action's by default
    """

    def __init__(self, env, uid, action, kind=None, filter_name=None, limit=None):
        env = env(user=uid, context={"lang": "en_US", "tz": "UTC"})
        action = env.ref(action).sudo()
        view_id, kind = next(
            pair for pair in action.views if kind is None or pair[1] == kind
        )
        views = env[action.res_model].get_views(
            [[view_id, kind], [action.search_view_id.id, "search"]]
        )
        arch = _parse(views["views"][kind]["arch"])
        if arch.get("default_group_by"):
            raise ValueError(
                f"{action.name} groups its {kind}: only flat ones are read"
            )
        context = _evaluate(action.context or "{}", uid)
        names = [filter_name] if filter_name else _default_filters(context)
        search = _parse(views["views"]["search"]["arch"])
        self.model = action.res_model
        self.kind = kind
        self.order = arch.get("default_order", "")
        self.limit = limit or int(arch.get("limit") or action.limit or LIMIT)
        # one more is asked for, to know whether there are more
        self.count_limit = max(int(arch.get("count_limit") or COUNT_LIMIT), self.limit)
        self.specification = specification(arch, views["models"], self.model)
        self.context = {
            name: value
            for name, value in context.items()
            if not name.startswith(SEARCH_DEFAULT)
        }
        self.base = _evaluate(action.domain or "[]", uid)
        self.domain = _filtered(self.base, filter_domains(search, names), uid)
        self.found = None

    def read(self, env):
        """Read the first page as the default filters have it."""
        self._read(env, self.domain)

    def read_all(self, env):
        """Read the first page without a filter."""
        self._read(env, self.base)

    def _read(self, env, domain):
        model = env[self.model].with_context(bin_size=True, **self.context)
        answer = model.web_search_read(
            domain,
            self.specification,
            order=self.order,
            limit=self.limit,
            count_limit=self.count_limit + 1,
        )
        self.found = answer["length"]


class Dialog:
    """A model's form in a dialog: what is read, and what is sent when one answers."""

    def __init__(self, env, model):
        views = env[model].get_views([[False, "form"]])
        arch = _parse(views["views"]["form"]["arch"])
        self.specification = specification(arch, views["models"], model)

    def read(self, record):
        """Return what the dialog shows."""
        return record.web_read(self.specification)[0]

    def press(self, record, button, values):
        """Save what was typed, then do what the button does."""
        record.web_save(values, self.specification)
        return getattr(record, button)()


# ----------------------------------------------------------------------
# Filters
# ----------------------------------------------------------------------


def filter_domains(search, names):
    """Return the domains of a search view's filters, those side by side in one list.

    Filters that only group have none: a flat view is measured.

    :return: ``[[domain, …], …]``, each domain a text; the lists are and-ed, the domains
        in a list or-ed
    """
    groups, missing = [[]], set(names)
    for node in search.iter("separator", "group", "filter"):
        if node.tag != "filter":
            groups.append([])
        elif node.get("name") in missing:
            missing.remove(node.get("name"))
            if node.get("domain"):
                groups[-1].append(node.get("domain"))
    if missing:
        raise ValueError(f"there is no filter {', '.join(sorted(missing))}")
    return [group for group in groups if group]


def _default_filters(context):
    return [
        name.removeprefix(SEARCH_DEFAULT)
        for name, value in context.items()
        if name.startswith(SEARCH_DEFAULT) and value
    ]


def _filtered(base, groups, uid):
    from odoo.fields import Domain  # noqa: PLC0415  only there inside Odoo

    domain = Domain(base)
    for group in groups:
        domain &= Domain.OR(Domain(_evaluate(text, uid)) for text in group)
    return list(domain)


def _evaluate(text, uid):
    """Return a domain or a context; of variables only ``uid`` is known."""
    tree = ast.parse(text.strip(), mode="eval")
    return ast.literal_eval(_Known(uid).visit(tree))


class _Known(ast.NodeTransformer):
    def __init__(self, uid):
        self.uid = uid

    def visit_Name(self, node):
        return ast.Constant(self.uid) if node.id == "uid" else node


# ----------------------------------------------------------------------
# Fields
# ----------------------------------------------------------------------


def _parse(arch):
    from lxml import etree  # noqa: PLC0415  only there inside Odoo

    return etree.fromstring(arch)


def specification(arch, models, model):
    """Return the specification that the web client builds from a view's arch.

    Compare getFieldsSpec in the add-on web: every field of the view is read, optional
    columns included; a many2one with its name, unless nobody sees it; lines with the
    fields of the list or the cards that show them.
    """
    fields, result = models[model]["fields"], {}
    for node in _field_nodes(arch):
        name = node.get("name")
        found = _field_specification(node, fields[name], models, arch.tag)
        _merge(result.setdefault(name, {}), found)
        for other in WIDGET_FIELDS.get(node.get("widget"), ()):
            is_record = fields.get(other, {}).get("type") == "many2one"
            seen = {"fields": {"display_name": {}}} if is_record else {}
            _merge(result.setdefault(other, {}), seen)
    return result


def _field_nodes(node):
    """Yield the fields of a view, not those of the views inside its fields."""
    for child in node.iterchildren("*"):
        if child.tag == "field":
            yield child
        elif child.tag not in ("header", "control") or node.tag == "form":
            yield from _field_nodes(child)


def _field_specification(node, field, models, kind):
    hidden = "column_invisible" if kind == "list" else "invisible"
    never = node.get(hidden) in ("1", "True")
    if field["type"] == "many2one":
        return {"fields": {} if never else {"display_name": {}}}
    if field["type"] not in ("one2many", "many2many") or never:
        return {}
    subview = next(iter(node.iterchildren("list", "kanban")), None)
    if subview is not None:
        fields = specification(subview, models, field["relation"])
        return {"fields": fields, "limit": int(subview.get("limit") or LINES)}
    widget = node.get("widget")
    if not widget and kind == "kanban" and field["type"] == "many2many":
        widget = "many2many_tags"
    if widget not in TAGS:
        return {}
    color = ast.literal_eval(node.get("options", "{}")).get("color_field")
    return {"fields": {"display_name": {}, **({color: {}} if color else {})}}


def _merge(result, found):
    if "fields" in found:
        result.setdefault("fields", {}).update(found["fields"])
    result.update({name: value for name, value in found.items() if name != "fields"})
