from odoo import api, fields, models
from odoo.exceptions import AccessError


class OrderDeskShippingRequestCheck(models.Model):
    """One thing of a shipping request that is looked at a second time (SPEC G1).

    It is ticked for the value it has at that moment; when the value changes, the tick
    does not count any more.
    """

    _name = "order.desk.shipping.request.check"
    _description = "Second Look at a Shipping Request"
    _order = "request_id, sequence, id"
    _rec_name = "title"

    request_id = fields.Many2one(
        "order.desk.shipping.request",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="request_id.company_id", store=True, precompute=True, index=True
    )
    request_state = fields.Selection(related="request_id.state")
    sequence = fields.Integer(readonly=True)
    code = fields.Char(required=True, readonly=True, help="What is looked at.")
    line_id = fields.Many2one(
        "order.desk.shipping.request.line",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    looked_value = fields.Text(readonly=True, help="What stood there at that moment.")
    looked_text = fields.Text(
        "Ticked as", readonly=True, help="What stood there at that moment."
    )
    looked_by_id = fields.Many2one(
        "res.users", "Looked at by", readonly=True, ondelete="restrict"
    )
    looked_on = fields.Datetime("Looked at on", readonly=True)
    title = fields.Char("What", compute="_compute_value")
    value = fields.Text("What It Says", compute="_compute_value")
    is_looked = fields.Boolean(
        "Right", compute="_compute_is_looked", inverse="_inverse_is_looked"
    )
    is_lapsed = fields.Boolean(
        compute="_compute_is_looked", help="Changed since somebody looked at it."
    )

    _code_uniq = models.UniqueIndex(
        "(request_id, code, line_id)", "This is looked at once."
    )

    @api.depends(
        "request_id.partner_shipping_id",
        "request_id.ship_to",
        "request_id.receiver",
        "request_id.contact",
        "request_id.phone",
        "request_id.service_level_id",
        "request_id.carrier_id",
        "request_id.freight_payer",
        "line_id.quantity",
        "line_id.product_id",
    )
    @api.depends_context("lang")
    def _compute_value(self):
        titles = self.env["order.desk.shipping.request"]._get_look_titles()
        for check in self:
            # whoever reads the request need not be able to read the order
            line = check.sudo().line_id
            check.title = line.order_id.name if line else titles.get(check.code)
            check.value = check._get_value()

    @api.depends("looked_value", "looked_on", "value")
    def _compute_is_looked(self):
        for check in self:
            # compared in one language, whatever those of the two people are
            same = check.looked_value == (
                check.with_context(lang="en_US")._get_value() or ""
            )
            check.is_looked = bool(check.looked_on) and same
            check.is_lapsed = bool(check.looked_on) and not same

    def _get_value(self):
        """Return what the request says about this, in words."""
        self.ensure_one()
        return (
            self.line_id._get_look_value()
            if self.line_id
            else self.request_id._get_look_value(self.code)
        )

    def _inverse_is_looked(self):
        self.request_id.check_access("write")
        self.request_id._check_prepared()
        looked = self.filtered("is_looked")
        # who looked at what is for nobody to write but the desk
        for check in looked.sudo():
            value = check.with_context(lang="en_US")._get_value() or ""
            if not check.looked_on or check.looked_value != value:
                check.write(
                    {
                        "looked_value": value,
                        "looked_text": check.value,
                        "looked_by_id": self.env.uid,
                        "looked_on": fields.Datetime.now(),
                    }
                )
        (self - looked).sudo().write(
            {
                "looked_value": False,
                "looked_text": False,
                "looked_by_id": False,
                "looked_on": False,
            }
        )

    def action_look(self):
        """Say that these are right, as they stand now."""
        self.is_looked = True
        return True

    def action_unlook(self):
        """Take it back: these are to be looked at again."""
        self.is_looked = False
        return True

    def write(self, vals):
        if set(vals) - {"is_looked"} and not self.env.su:
            raise AccessError(
                self.env._("Who looked at what is kept by the order desk.")
            )
        return super().write(vals)


class OrderDeskShippingRequest(models.Model):
    """The second look: field by field, before the request is issued (SPEC G1)."""

    _inherit = "order.desk.shipping.request"

    check_ids = fields.One2many(
        "order.desk.shipping.request.check", "request_id", "Second Look"
    )
    to_look_count = fields.Integer(compute="_compute_to_look_count")

    @api.depends("check_ids.is_looked")
    def _compute_to_look_count(self):
        for request in self:
            request.to_look_count = len(request._get_unlooked())

    @api.model
    def _get_look_fields(self):
        """Return the fields that are looked at: where it goes, then how."""
        return [
            "ship_to",
            "receiver",
            "contact",
            "phone",
            "service_level_id",
            "carrier_id",
            "freight_payer",
        ]

    @api.model
    def _get_look_titles(self):
        labels = self.fields_get(self._get_look_fields(), ["string"])
        return {name: values["string"] for name, values in labels.items()}

    def _get_look_value(self, name):
        """Return what this request says in a field, in words; "" if nothing."""
        self.ensure_one()
        # whoever looks at a request need not be able to read carriers
        field, value = self._fields[name], self.sudo()[name]
        if field.type == "many2one":
            return value.display_name or ""
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, "")
        return value or ""

    def _get_unlooked(self):
        return self.check_ids.filtered(lambda check: not check.is_looked)

    def _update_checks(self):
        """Have something to look at for each field and each line of the goods."""
        vals_list = []
        for request in self.sudo():  # nobody makes them by hand
            known = {(check.code, check.line_id) for check in request.check_ids}
            none = request.line_ids.browse()
            names = self._get_look_fields()
            goods_at = names.index("phone") + 1  # where, what, how
            wanted = [
                *((name, none) for name in names[:goods_at]),
                *(("line", line) for line in request.line_ids),
                *((name, none) for name in names[goods_at:]),
            ]
            vals_list += [
                {
                    "request_id": request.id,
                    "sequence": sequence,
                    "code": code,
                    "line_id": line.id,
                }
                for sequence, (code, line) in enumerate(wanted)
                if (code, line) not in known
            ]
        # nobody makes them by hand
        self.env["order.desk.shipping.request.check"].sudo().create(vals_list)
