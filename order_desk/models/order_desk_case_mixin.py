from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from .ir_attachment import IMAGE_TYPES


class OrderDeskCaseMixin(models.AbstractModel):
    """A case that one person opens and another deals with: an incident, a claim.

    To create one is to open it. It has a number of its own, photos, and an owner who
    takes the next step by a certain moment, and it stays on file.

    Models have ``name``, ``state``, ``company_id``, ``sheet_id``, ``attachment_ids``,
    ``owner_id``, ``due_on`` and activities.
    """

    _name = "order.desk.case.mixin"
    _description = "Case That Somebody Deals with"
    _inherit = ["order.desk.protected.mixin", "order.desk.todo.mixin"]

    # somebody still has to do something
    _open_states = ()

    number = fields.Char(readonly=True, copy=False, index="trigram")
    photo_id = fields.Many2one(
        "ir.attachment",
        "First Photo",
        compute="_compute_photo_id",
        compute_sudo=True,
    )
    photo = fields.Binary(compute="_compute_photo", compute_sudo=True)
    is_overdue = fields.Boolean(
        "Overdue", compute="_compute_is_overdue", search="_search_is_overdue"
    )
    is_mine = fields.Boolean(
        "Waiting for Me", compute="_compute_is_mine", search="_search_is_mine"
    )

    # ------------------------------------------------------------- for the model

    def _check_editing(self, names):
        """Refuse what is not for the user to change, or not any more."""
        raise NotImplementedError(self._name)

    def _open(self):
        """Start what follows when cases are opened, e.g. tell who deals with them."""
        raise NotImplementedError(self._name)

    def _get_waiting_people(self):
        """Return those who have the to-do: the owner, or who may take it."""
        raise NotImplementedError(self._name)

    def _get_managing_people(self):
        """Return everybody who may deal with it."""
        raise NotImplementedError(self._name)

    # ------------------------------------------------------------- computed

    @api.depends("number", "name")
    def _compute_display_name(self):
        for case in self:
            parts = (case.number, case.name)
            case.display_name = " · ".join(part for part in parts if part)

    @api.depends("attachment_ids.mimetype")
    def _compute_photo_id(self):
        for case in self:
            case.photo_id = case.attachment_ids.filtered(
                lambda file: file.mimetype in IMAGE_TYPES
            )[:1]

    @api.depends("photo_id")
    @api.depends_context("bin_size")
    def _compute_photo(self):
        for case in self:
            case.photo = case.photo_id.datas

    @api.depends("state", "due_on")
    def _compute_is_overdue(self):
        now = fields.Datetime.now()
        for case in self:
            case.is_overdue = (
                case.state in self._open_states
                and bool(case.due_on)
                and case.due_on < now
            )

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = Domain("state", "in", self._open_states) & Domain(
            "due_on", "<", fields.Datetime.now()
        )
        return domain if True in value else ~domain

    @api.depends("activity_ids.user_id")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        for case in self:
            # the to-dos say whom it waits for
            case.is_mine = self.env.user in case.sudo().activity_ids.user_id

    def _search_is_mine(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = Domain("activity_ids.user_id", "in", [self.env.uid])
        return domain if True in value else ~domain

    @api.model
    def _group_expand_state(self, states, domain):
        """Show where cases are dealt with, and the others if asked for."""
        return [
            state
            for state, _label in self._fields["state"].selection
            if state in self._open_states or state in states
        ]

    # ------------------------------------------------------------- on file

    @api.model_create_multi
    def create(self, vals_list):
        cases = super().create(vals_list)
        cases._own_files()
        for case in cases.sudo():  # nobody numbers by hand
            case.number = case.company_id._order_desk_next_number(self._name)
        cases._open()
        return cases

    def write(self, vals):
        self._check_editing(set(vals))
        result = super().write(vals)
        if "attachment_ids" in vals:
            self._own_files()
        return result

    def _own_files(self):
        """Let everybody who sees a case see its photos."""
        for case in self:
            # read as superuser, else files that may not be read are left out
            files = case.sudo().attachment_ids.sudo(self.env.su)
            files._order_desk_give_to(case)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "%s stays on file. Withdraw it if it was opened by mistake.",
                ", ".join(self.mapped("display_name")),
            )
        )

    def copy_data(self, default=None):
        raise UserError(
            self.env._(
                "%s cannot be duplicated. Open a new one instead.",
                ", ".join(self.mapped("display_name")),
            )
        )

    # ------------------------------------------------------------- who may, and when

    def _filter_managed(self):
        """Return those the current user deals with: as owner, or one of those told."""
        user = self.env.user
        if self.env.su or user.has_group("order_desk.group_order_desk_supervisor"):
            return self
        return self.filtered(lambda case: user in case.sudo()._get_managing_people())

    def _check_managed(self):
        others = self - self._filter_managed()
        if others:
            raise AccessError(
                "\n".join(
                    self.env._(
                        "%(case)s is dealt with by %(owner)s.",
                        case=case.display_name,
                        owner=case._get_owner_text(),
                    )
                    for case in others
                )
            )

    def _get_owner_text(self):
        """Return who deals with this case, for messages."""
        self.ensure_one()
        case = self.sudo()  # colleagues' names
        people = case.owner_id | case._get_waiting_people()
        return ", ".join(people.mapped("name")) or self.env._("no one assigned")

    def _check_states(self, *states):
        labels = dict(self._fields["state"]._description_selection(self.env))
        errors = [
            self.env._(
                "%(case)s has the status “%(state)s”, so this cannot be done now.",
                case=case.display_name,
                state=labels[case.state],
            )
            for case in self
            if case.state not in states
        ]
        if errors:
            raise UserError("\n".join(errors))

    def _start(self, *states):
        """Let one person at a time move these cases on.

        :raise UserError: somebody else is at it, or the status is another one
        """
        self.check_access("read")
        self._lock()
        self._check_states(*states)

    def action_open_sheet(self):
        """Open the configuration sheet of this case."""
        self.ensure_one()
        return self.sheet_id._get_records_action()
