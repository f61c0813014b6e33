import hashlib
import json

from odoo import api, fields, models

# what a signer reads on the sheet; the digests follow each of these fields
CONTENT_FIELDS = (
    "other_requirements",
    "price_reason",
    "order_id.partner_id.commercial_partner_id.name",
    "order_id.pricelist_id.name",
    "order_id.currency_id.name",
    "order_id.payment_term_id.name",
    "order_id.deposit_is_agreed",
    "order_id.deposit_agreed_percent",
    "order_id.cash_on_delivery",
    "order_id.commitment_date",
    "order_id.partner_shipping_id.name",
    "order_id.partner_shipping_id.street",
    "order_id.partner_shipping_id.street2",
    "order_id.partner_shipping_id.zip",
    "order_id.partner_shipping_id.city",
    "order_id.partner_shipping_id.state_id.name",
    "order_id.partner_shipping_id.country_id.code",
    "order_id.partner_shipping_id.phone",
    "order_id.order_line.name",
    "order_id.order_line.product_id.default_code",
    "order_id.order_line.product_id.name",
    "order_id.order_line.product_id.product_template_variant_value_ids",
    "order_id.order_line.product_no_variant_attribute_value_ids",
    "order_id.order_line.product_custom_attribute_value_ids.custom_value",
    "order_id.order_line.route_ids.name",
    "order_id.order_line.sequence",
    "order_id.order_line.tax_ids.name",
    "order_id.order_line.product_uom_qty",
    "order_id.order_line.product_uom_id.name",
    "order_id.order_line.price_unit",
    "order_id.order_line.discount",
    "order_id.order_line.display_type",
    "order_id.order_line.is_downpayment",
    "order_id.order_line.configuration",
    "order_id.order_line.configuration_categ_id.configuration_definition",
    "order_id.order_line.special_requirement",
    "order_id.order_line.packaging_note",
    "order_id.order_line.tolerance_over",
    "order_id.order_line.tolerance_under",
)


def get_signed_fields(prefix):
    """Return the fields of the order (or its lines) that ``CONTENT_FIELDS`` reads.

    :param prefix: "order_id." or "order_id.order_line."
    """
    return {
        path.removeprefix(prefix).partition(".")[0]
        for path in CONTENT_FIELDS
        if path.startswith(prefix)
    }


class OrderDeskSheet(models.Model):
    _inherit = "order.desk.sheet"

    digests = fields.Json(compute="_compute_digests", compute_sudo=True)

    @api.depends(*CONTENT_FIELDS)
    def _compute_digests(self):
        contents = self._get_contents()
        for sheet in self:
            sheet.digests = {
                aspect: self._get_digest(content)
                for aspect, content in contents[sheet].items()
            }

    def _take_revisions(self):
        """Keep the content of each sheet as it is now, as its present revision.

        Content that has changed since the revision was kept makes a new one.

        :return: ``{sheet: order.desk.revision}``
        """
        # whoever signs or sends makes revisions, nobody has the right to by hand
        revisions = self.env["order.desk.revision"].sudo()
        latest = {}
        for sheet in self.sudo():
            last = max(sheet.revision_ids, key=lambda r: r.number, default=None)
            if last and last.number == sheet.revision:
                if last.digests == sheet.digests:
                    latest[sheet] = last
                else:
                    sheet.revision += 1
        outdated = self.sudo().filtered(lambda sheet: sheet not in latest)
        contents = outdated._get_contents()
        created = revisions.create(
            [
                {
                    "sheet_id": sheet.id,
                    "number": sheet.revision,
                    "content": contents[sheet],
                    "digests": sheet.digests,
                }
                for sheet in outdated
            ]
        )
        latest.update(zip(outdated, created, strict=True))
        return {sheet: latest[sheet.sudo()] for sheet in self}

    @api.model
    def _get_digest(self, content):
        """Return the SHA-256 of any JSON content, the same for equal content."""
        text = json.dumps(content, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def _get_contents(self):
        """Return what is to be signed: ``{sheet: {aspect code: content}}``.

        A content is JSON: ``{"order": {key: value}, "lines": {id: {key: value}}}``.
        It does not depend on who reads it: texts are in the source language and dates
        in UTC. A module that adds values names them in ``_get_content_labels`` and
        says in ``_get_content_keys`` who answers for them.
        """
        sheets = self.with_context(lang="en_US", tz="UTC")
        lines = sheets.order_id.order_line
        line_values = lines._get_content_values()
        keys = self._get_content_keys()
        return {
            sheet: self._pick_content(
                keys,
                source._get_content_values(),
                {
                    str(line._origin.id): line_values[line]
                    for line in source._get_content_lines()
                },
            )
            for sheet, source in zip(self, sheets, strict=True)
        }

    @api.model
    def _pick_content(self, keys, order_values, lines_values):
        """Return the content by aspect, of all values those the aspect asks for."""
        return {
            aspect: {
                "order": {
                    key: order_values[key] for key in order_keys if key in order_values
                },
                "lines": {
                    line_id: {key: values[key] for key in line_keys if key in values}
                    for line_id, values in lines_values.items()
                },
            }
            for aspect, (order_keys, line_keys) in keys.items()
        }

    @api.model
    def _get_content_keys(self):
        """Return who answers for what: ``{aspect code: (order keys, line keys)}``."""
        what = ("product", "quantity")
        return {
            "commercial": (
                (
                    "customer",
                    "pricelist",
                    "currency",
                    "payment_term",
                    "price_reason",
                    "deposit",
                    "cash_on_delivery",
                ),
                (*what, "price_unit", "discount", "taxes", "description"),
            ),
            "schedule": (("commitment_date",), what),
            "materials": ((), (*what, "configuration", "packaging_note", "routes")),
            "engineering": (
                (),
                (
                    "product",
                    "configuration",
                    "special_requirement",
                    "tolerance_over",
                    "tolerance_under",
                ),
            ),
            "shipping": (
                ("ship_to", "other_requirements"),
                (*what, "packaging_note"),
            ),
        }

    @api.model
    def _get_content_labels(self):
        """Return what the keys of the contents are called, for the current user."""
        return {
            "customer": self.env._("Customer"),
            "pricelist": self.env._("Pricelist"),
            "currency": self.env._("Currency"),
            "payment_term": self.env._("Payment terms"),
            "price_reason": self.env._("Reason for the price"),
            "deposit": self.env._("Deposit agreed on the order (%)"),
            "cash_on_delivery": self.env._("Cash on delivery"),
            "commitment_date": self.env._("Delivery date"),
            "ship_to": self.env._("Ship-to address"),
            "other_requirements": self.env._("Other requirements"),
            "product": self.env._("Product"),
            "quantity": self.env._("Quantity"),
            "price_unit": self.env._("Unit price"),
            "discount": self.env._("Discount (%)"),
            "taxes": self.env._("Taxes"),
            "description": self.env._("Description"),
            "packaging_note": self.env._("Packaging"),
            "routes": self.env._("Routes"),
            "special_requirement": self.env._("Special requirement"),
            "tolerance_over": self.env._("Tolerance over (%)"),
            "tolerance_under": self.env._("Tolerance under (%)"),
        }

    def _get_content_lines(self):
        """Return the order lines a signer answers for: all but down payments."""
        lines = self.order_id.order_line
        return (
            lines._filter_content()
            .filtered(
                lambda line: (
                    line.display_type not in ("line_section", "line_subsection")
                )
            )
            .with_prefetch(lines._prefetch_ids)
        )

    def _get_content_values(self):
        """Return what there is to sign on the order itself."""
        order = self.order_id
        customer = order.partner_id.commercial_partner_id
        ship_to = order.partner_shipping_id
        agreed = {}  # what is agreed on few orders leaves those of the others alone
        if order.deposit_is_agreed:
            agreed["deposit"] = order.deposit_agreed_percent
        if order.cash_on_delivery:
            agreed["cash_on_delivery"] = True
        return {
            **agreed,
            "customer": [customer.id, customer.name],
            "pricelist": order.pricelist_id.name or "",
            "currency": order.currency_id.name,
            "payment_term": order.payment_term_id.name or "",
            "price_reason": self.price_reason or "",
            "commitment_date": fields.Datetime.to_string(order.commitment_date) or "",
            "ship_to": [
                ship_to.name or "",
                ship_to.street or "",
                ship_to.street2 or "",
                ship_to.zip or "",
                ship_to.city or "",
                ship_to.state_id.name or "",
                ship_to.country_id.code or "",
                ship_to.phone or "",
            ],
            "other_requirements": self.other_requirements or "",
        }
