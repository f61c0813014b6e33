import math

from odoo import models

MAX_NOTE = 500
# nobody counts further by hand
MOST = 1e9


class OrderDeskReceiptLine(models.Model):
    """Reading what somebody enters of a line: numbers may be anything (SPEC G7)."""

    _inherit = "order.desk.receipt.line"

    def _get_good_entries(self):
        """Return the entries that say that all came in good order."""
        return {
            line.id: {"received": line.expected_qty, "damaged": 0.0} for line in self
        }

    def _prepare_reset_vals(self):
        return {
            "received_qty": 0.0,
            "damaged_qty": 0.0,
            "is_wrong": False,
            "note": False,
        }

    def _read_entries(self, entries):
        """Return what was entered of these lines, and what is wrong with it.

        :param entries: ``{line id: dict}``, keys also as text; a dict has ``received``
            and ``damaged`` (numbers or text), maybe ``note``, ``wrong`` (other goods)
            and ``more`` (yes, more came than was shipped)
        :return: ``({line: values}, [message])``; each message names its line
        """
        known = entries if isinstance(entries, dict) else {}
        known = {str(key): value for key, value in known.items()}
        values, errors = {}, []
        for line in self:
            entry = known.get(str(line.id))
            row, error = line._read_entry(entry if isinstance(entry, dict) else {})
            values[line] = row
            if error:
                errors.append(error)
        return values, errors

    def _read_entry(self, entry):
        """Return the values of one entry, and what is wrong with it or ""."""
        self.ensure_one()
        received = self._read_quantity(entry.get("received"))
        damaged = self._read_quantity(entry.get("damaged") or 0)
        row = {
            "received_qty": received or 0.0,
            "damaged_qty": damaged or 0.0,
            "is_wrong": bool(entry.get("wrong")),
            "note": str(entry.get("note") or "").strip()[:MAX_NOTE] or False,
        }
        return row, self._get_entry_error(received, damaged, entry)

    def _read_quantity(self, value):
        """Return a quantity in the unit of this line; None for what is none."""
        try:
            number = float(str(value).strip())
        except ValueError:
            return None
        if not math.isfinite(number) or not 0 <= number <= MOST:
            return None
        return self.product_uom_id.round(number)

    def _get_entry_error(self, received, damaged, entry):
        """Return what is wrong with an entry, naming the line, or ""."""
        compare = self.product_uom_id.compare
        values = {"product": self.title}
        if received is None:
            return self.env._(
                "%(product)s: enter how many arrived, a number from 0 up.", **values
            )
        if damaged is None:
            return self.env._(
                "%(product)s: enter how many of them are damaged, a number from 0 up.",
                **values,
            )
        values.update(
            received=self._get_quantity_text(received),
            damaged=self._get_quantity_text(damaged),
            shipped=self._get_quantity_text(self.expected_qty),
        )
        if compare(damaged, received) > 0:
            return self.env._(
                "%(product)s: %(damaged)s damaged of %(received)s that arrived cannot"
                " be. Count the damaged ones among those that arrived, too.",
                **values,
            )
        if compare(received, self.expected_qty) > 0 and not entry.get("more"):
            return self.env._(
                "%(product)s: you entered %(received)s, we shipped %(shipped)s. Correct"
                " the number, or confirm that more has arrived.",
                **values,
            )
        return ""

    def _get_difference_text(self):
        """Return in words what was not as it should be with this line."""
        self.ensure_one()
        return self.env._(
            "%(product)s: %(facts)s", product=self.title, facts=self._get_facts_text()
        )

    def _get_facts_text(self):
        """Return the same without the name of the article."""
        self.ensure_one()
        text = self._get_quantity_text
        parts = []
        if self.missing_qty:
            parts.append(self.env._("%s missing", text(self.missing_qty)))
        if self.surplus_qty:
            parts.append(self.env._("%s too many", text(self.surplus_qty)))
        if self.damaged_qty:
            parts.append(self.env._("%s damaged", text(self.damaged_qty)))
        if self.is_wrong:
            parts.append(self.env._("not the goods that were ordered"))
        if self.note:
            parts.append(self.note)
        return "; ".join(parts)
