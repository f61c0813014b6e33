from odoo import api, fields, models
from odoo.exceptions import UserError


class OrderDeskLookMixin(models.AbstractModel):
    """One point that somebody looks at and confirms by name, as long as it says that.

    What it says is worked out by its document, in the reader's language. What was
    confirmed is kept, so it shows at once when the point says something else, in
    whatever way that has come about.
    """

    _name = "order.desk.look.mixin"
    _description = "Point That Is Confirmed by Name"
    _order = "sequence, id"
    _rec_name = "title"

    sequence = fields.Integer(readonly=True)
    key = fields.Char(required=True, readonly=True)
    title = fields.Char(compute="_compute_content", compute_sudo=True)
    text = fields.Text(compute="_compute_content", compute_sudo=True)
    is_confirmed = fields.Boolean(compute="_compute_content", compute_sudo=True)
    has_lapsed = fields.Boolean(
        compute="_compute_content",
        compute_sudo=True,
        help="It says something else than when it was confirmed.",
    )
    confirmed_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    confirmed_for_id = fields.Many2one(
        "res.users",
        "On Behalf of",
        readonly=True,
        ondelete="restrict",
        help="Whom the person who confirmed it stood in for.",
    )
    confirmed_on = fields.Datetime(readonly=True)
    kept_title = fields.Char("Title Then", readonly=True)
    kept_text = fields.Text("What It Said Then", readonly=True)
    kept_value = fields.Text(
        readonly=True, help="What was confirmed, whatever language it was read in."
    )

    # ------------------------------------------------------------- for the point

    def _get_documents(self):
        """Return the documents that these points are about."""
        raise NotImplementedError(self._name)

    def _get_document_contents(self):
        """Return what the documents say: ``{document: [content]}``.

        A content is a dict of ``key``, ``title``, ``text`` and what else the point
        shows. A document that is closed says nothing any more.
        """
        raise NotImplementedError(self._name)

    def _get_value(self, content):
        """Return what is compared to tell whether a point still says the same."""
        return f"{content['title']}\n{content['text']}"

    def _check_may_confirm(self):
        """Refuse unless the current user may confirm these points now."""
        raise NotImplementedError(self._name)

    def _get_confirming_roles(self):
        """Return who confirms such points: ``{company: roles}``."""
        raise NotImplementedError(self._name)

    # ------------------------------------------------------------- what it says

    def _get_contents(self):
        """Return what these points say now: ``{point: content}``, None if nothing."""
        found = {
            (document, content["key"]): content
            for document, contents in self._get_document_contents().items()
            for content in contents
        }
        return {point: found.get((point._get_documents(), point.key)) for point in self}

    def _get_values(self):
        """Return what these points say now, in no reader's language."""
        neutral = self.with_context(lang="en_US", tz="UTC")
        return {
            point: neutral._get_value(content) if content else None
            for point, content in neutral._get_contents().items()
        }

    def _get_said(self, point, contents, values):
        """Return the values of the fields that tell what ``point`` says."""
        content = contents[point] or {}
        is_confirmed = bool(point.confirmed_on) and (
            not content or values[point] == point.kept_value
        )
        return {
            "title": content.get("title", point.kept_title),
            "text": content.get("text", point.kept_text),
            "is_confirmed": is_confirmed,
            "has_lapsed": bool(point.confirmed_on) and not is_confirmed,
        }

    @api.depends("confirmed_on", "kept_value")
    @api.depends_context("lang")
    def _compute_content(self):
        contents, values = self._get_contents(), self._get_values()
        for point in self:
            point.update(self._get_said(point, contents, values))

    @api.model
    def _refresh(self, inverse_name, contents_by_document):
        """Bring the points of documents in line with what the documents say.

        :param inverse_name: the field that holds the document
        :param contents_by_document: ``{document: [content]}``
        """
        documents = list(contents_by_document)
        present = {
            (point[inverse_name].id, point.key): point
            for point in self.search(
                [(inverse_name, "in", [document.id for document in documents])]
            )
        }
        vals_list = []
        for document, contents in contents_by_document.items():
            for number, content in enumerate(contents, 1):
                point = present.pop((document.id, content["key"]), None)
                if point is None:
                    vals_list.append(
                        {
                            **self._prepare_vals(number, content),
                            inverse_name: document.id,
                        }
                    )
                elif point.sequence != number:
                    point.sequence = number
        self.browse().union(*present.values()).unlink()
        created = self.create(vals_list)
        created.invalidate_model(["title", "text", "is_confirmed", "has_lapsed"])
        return created

    @api.model
    def _prepare_vals(self, number, content):
        return {
            "sequence": number,
            "key": content["key"],
            "kept_title": content["title"],
            "kept_text": content["text"],
        }

    # ------------------------------------------------------------- confirming

    def action_confirm(self):
        """Confirm these points by name, each with a tap.

        :raise UserError: not the user's to do, not now, or confirmed already
        """
        self._start()
        points = self.sudo()  # what they say is read from orders and transfers
        contents, values = points._get_contents(), points._get_values()
        errors = [
            error
            for point in points
            if (error := point._get_confirm_error(contents[point], values[point]))
        ]
        if errors:
            raise UserError("\n".join(errors))
        roles = self._get_confirming_roles()
        now = fields.Datetime.now()
        for point in points:  # after the checks it is the user's own word
            role = roles[point.company_id]._filter_mine()[:1]
            point.write(
                {
                    "confirmed_by_id": self.env.uid,
                    "confirmed_for_id": role._get_absent_signer(self.env.user).id
                    if role
                    else False,
                    "confirmed_on": now,
                    "kept_title": contents[point]["title"],
                    "kept_text": contents[point]["text"],
                    "kept_value": values[point],
                }
            )
        self._get_documents()._update_todos()

    def _get_confirm_error(self, content, value):
        """Return why this point cannot be confirmed, or ""."""
        self.ensure_one()
        if not content:
            return self.env._(
                "“%s” does not apply any more. Open the document again.",
                self.kept_title,
            )
        if self.confirmed_on and self.kept_value == value:
            return self.env._(
                "%(user)s confirmed “%(point)s” on %(moment)s already.",
                user=self.confirmed_by_id.name,
                point=content["title"],
                moment=self.company_id._order_desk_moment_text(self.confirmed_on),
            )
        return ""

    def action_unconfirm(self):
        """Take the confirmation of these points back.

        :raise UserError: not the user's to do, or not now
        """
        self._start()
        self._check_may_unconfirm()
        self.sudo().write(  # as in action_confirm
            {
                "confirmed_by_id": False,
                "confirmed_for_id": False,
                "confirmed_on": False,
                "kept_value": False,
            }
        )
        self._get_documents()._update_todos()

    def _check_may_unconfirm(self):
        """Refuse to take back what something else was built on."""

    def _start(self):
        """Let one person at a time confirm, if they may at all."""
        self.check_access("read")
        self._get_documents()._lock()
        self.invalidate_recordset(["confirmed_on"])  # somebody may have been quicker
        self._check_may_confirm()
