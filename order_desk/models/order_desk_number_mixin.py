import math

from odoo import Command, api, models
from odoo.exceptions import UserError

# nobody weighs more, or asks for more in any currency; the database counts no further
MOST = 10**12
MOST_COUNTED = 2**31 - 1


class OrderDeskNumberMixin(models.AbstractModel):
    """Numbers that people and clients enter: proper ones, or a sentence that says so.

    The database takes "not a number" for more than nothing, and a text or a number that
    is too big would end in an error of the server.
    """

    _name = "order.desk.number.mixin"
    _description = "Numbers That Are Checked"

    @api.model
    def _get_entered_numbers(self):
        """Return the fields that are checked: from 0 up, or empty."""
        return ()

    @api.model
    def _get_entered_lines(self):
        """Return the fields that hold lines whose numbers are checked."""
        return ()

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._read_numbers(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._read_numbers(vals))

    def _read_numbers(self, vals):
        """Return ``vals`` with the numbers that were entered.

        :raise UserError: names the record, the field and what was entered
        """
        entered = set(self._get_entered_numbers()) & set(vals)
        vals = {**vals, **{n: self._read_number(n, vals[n]) for n in sorted(entered)}}
        # the document reads what is entered in its lines before these are made
        for name in set(vals) & set(self._get_entered_lines()):
            lines = self.env[self._fields[name].comodel_name]
            for command in vals[name] or ():
                if command[0] == Command.CREATE:  # whatever the client calls the line
                    lines._read_numbers(command[2])
                elif command[0] == Command.UPDATE:
                    lines.browse(command[1])._read_numbers(command[2])
        return vals

    def _read_number(self, name, value):
        """Return what was entered in the field ``name`` as a number.

        :param value: a number, its text, or nothing, which is 0
        :raise UserError: names the record, the field and what was entered
        """
        is_count = self._fields[name].type == "integer"
        try:
            number = float(value or 0)
        except (TypeError, ValueError, OverflowError):
            number = math.nan
        most = MOST_COUNTED if is_count else MOST
        if 0 <= number <= most and not (is_count and number % 1):
            return int(number) if is_count else number
        values = {
            "record": self._get_number_title(),
            "field": self.fields_get([name], ["string"])[name]["string"],
            "text": str(value)[:40],
        }
        if is_count:
            raise UserError(
                self.env._(
                    "%(record)s, %(field)s: “%(text)s” cannot be. Enter a whole number"
                    " from 0 up.",
                    **values,
                )
            )
        raise UserError(
            self.env._(
                "%(record)s, %(field)s: “%(text)s” cannot be. Enter a number from 0"
                " up.",
                **values,
            )
        )

    def _get_number_title(self):
        """Return by what name a message calls these records."""
        if self:
            return ", ".join(self.mapped("display_name"))
        return self.env["ir.model"]._get(self._name).name
