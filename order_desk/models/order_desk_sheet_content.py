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
            last = sheet.revision_ids.sorted("number")[-1:]
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
        in UTC. Modules extend the aspects they know of; a key of theirs needs a name
        in ``_get_content_labels``.
        """
        sheets = self.with_context(lang="en_US", tz="UTC")
        sheets._fetch_content()
        return {
            sheet: {
                "commercial": source._get_content_commercial(),
                "schedule": source._get_content_schedule(),
                "materials": source._get_content_materials(),
                "engineering": source._get_content_engineering(),
                "shipping": source._get_content_shipping(),
            }
            for sheet, source in zip(self, sheets, strict=True)
        }

    def _fetch_content(self):
        """Read all that the contents need for all sheets at once."""
        self.order_id.order_line.mapped(
            "configuration_categ_id.configuration_definition"
        )

    @api.model
    def _get_content_labels(self):
        """Return what the keys of the contents are called, for the current user."""
        return {
            "customer": self.env._("Customer"),
            "pricelist": self.env._("Pricelist"),
            "currency": self.env._("Currency"),
            "payment_term": self.env._("Payment terms"),
            "price_reason": self.env._("Reason for the price"),
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
        """Return the order lines a signer answers for: all but down payments.

        A down payment has no quantity; whatever has one may be procured.
        """
        return self.order_id.order_line.filtered(
            lambda line: (
                not (line.is_downpayment and not line.product_uom_qty)
                and line.display_type not in ("line_section", "line_subsection")
            )
        )

    def _make_content(self, get_line, **order_values):
        """Return a content; ``get_line`` gives the values of a line."""
        return {
            "order": order_values,
            "lines": {
                str(line._origin.id): get_line(line)
                for line in self._get_content_lines()
            },
        }

    def _get_content_commercial(self):
        order = self.order_id
        customer = order.partner_id.commercial_partner_id
        return self._make_content(
            lambda line: {
                **line._get_content_key(),
                "price_unit": line.price_unit,
                "discount": line.discount,
                "taxes": [[tax.id, tax.name] for tax in line.tax_ids],
                "description": line.name,
            },
            customer=[customer.id, customer.name],
            pricelist=order.pricelist_id.name or "",
            currency=order.currency_id.name,
            payment_term=order.payment_term_id.name or "",
            price_reason=self.price_reason or "",
        )

    def _get_content_schedule(self):
        return self._make_content(
            lambda line: line._get_content_key(),
            commitment_date=fields.Datetime.to_string(self.order_id.commitment_date)
            or "",
        )

    def _get_content_materials(self):
        return self._make_content(
            lambda line: {
                **line._get_content_key(),
                "configuration": line._get_configuration_answers(),
                "packaging_note": line.packaging_note or "",
                "routes": [[route.id, route.name] for route in line.route_ids],
            }
        )

    def _get_content_engineering(self):
        return self._make_content(
            lambda line: {
                "product": line._get_content_product(),
                "configuration": line._get_configuration_answers(),
                "special_requirement": line.special_requirement or "",
                "tolerance_over": line.tolerance_over,
                "tolerance_under": line.tolerance_under,
            }
        )

    def _get_content_shipping(self):
        partner = self.order_id.partner_shipping_id
        return self._make_content(
            lambda line: {
                **line._get_content_key(),
                "packaging_note": line.packaging_note or "",
            },
            ship_to=[
                partner.name or "",
                partner.street or "",
                partner.street2 or "",
                partner.zip or "",
                partner.city or "",
                partner.state_id.name or "",
                partner.country_id.code or "",
                partner.phone or "",
            ],
            other_requirements=self.other_requirements or "",
        )
