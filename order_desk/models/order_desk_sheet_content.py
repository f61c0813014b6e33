import hashlib
import json

from odoo import api, fields, models

# what a signer reads on the sheet; the digests follow each of these fields
CONTENT_FIELDS = (
    "other_requirements",
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
    "order_id.order_line.route_ids",
    "order_id.order_line.sequence",
    "order_id.order_line.tax_ids",
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

    @api.model
    def _get_digest(self, content):
        """Return the SHA-256 of any JSON content, the same for equal content."""
        text = json.dumps(content, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def _get_contents(self):
        """Return what is to be signed: ``{sheet: {aspect code: JSON content}}``.

        The content does not depend on who reads it: texts are in the source
        language and dates in UTC. Modules extend the aspects they know of.
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

    def _get_content_commercial(self):
        order = self.order_id
        return {
            "customer": [
                order.partner_id.commercial_partner_id.id,
                order.partner_id.commercial_partner_id.name,
            ],
            "pricelist": order.pricelist_id.name,
            "currency": order.currency_id.name,
            "payment_term": order.payment_term_id.name,
            "lines": [
                [
                    *line._get_content_key(),
                    line.price_unit,
                    line.discount,
                    line.tax_ids.ids,
                    line.name,
                ]
                for line in self._get_content_lines()
            ],
        }

    def _get_content_schedule(self):
        return {
            "commitment_date": fields.Datetime.to_string(self.order_id.commitment_date),
            "lines": [line._get_content_key() for line in self._get_content_lines()],
        }

    def _get_content_materials(self):
        return {
            "lines": [
                [
                    *line._get_content_key(),
                    line._get_configuration_answers(),
                    line.packaging_note or "",
                    line.route_ids.ids,
                ]
                for line in self._get_content_lines()
            ]
        }

    def _get_content_engineering(self):
        return {
            "lines": [
                [
                    *line._get_content_product(),
                    line._get_configuration_answers(),
                    line.special_requirement or "",
                    line.tolerance_over,
                    line.tolerance_under,
                ]
                for line in self._get_content_lines()
            ]
        }

    def _get_content_shipping(self):
        partner = self.order_id.partner_shipping_id
        return {
            "ship_to": [
                partner.name or "",
                partner.street or "",
                partner.street2 or "",
                partner.zip or "",
                partner.city or "",
                partner.state_id.name or "",
                partner.country_id.code or "",
                partner.phone or "",
            ],
            "other_requirements": self.other_requirements or "",
            "lines": [
                [*line._get_content_key(), line.packaging_note or ""]
                for line in self._get_content_lines()
            ],
        }

    # ------------------------------------------------------------- completeness

    def _get_missing(self):
        """Return what each sheet lacks before it can be submitted (SPEC B1).

        :return: ``{sheet: [text]}`` with an empty list for a complete sheet
        """
        roles = self._get_roles()
        return {
            sheet: [
                *sheet._get_missing_header(),
                *sheet._get_missing_lines(),
                *(
                    sheet._get_missing_roles(roles[sheet.company_id])
                    if sheet.state not in ("released", "done")
                    else ()
                ),
            ]
            for sheet in self
        }

    def _get_missing_header(self):
        self.ensure_one()
        order = self.order_id
        customer = order.partner_id
        ship_to = order.partner_shipping_id
        missing = []
        if not customer.phone and not customer.email:
            missing.append(
                self.env._(
                    "Customer %s: a phone number or an e-mail address", customer.name
                )
            )
        for partner, name in ((ship_to, "street"), (ship_to, "city")):
            if not partner[name]:
                missing.append(
                    self.env._(
                        "Ship-to address %(address)s: %(field)s",
                        address=partner.display_name,
                        field=partner._fields[name]._description_string(self.env),
                    )
                )
        if not ship_to.country_id:
            missing.append(
                self.env._("Ship-to address %s: country", ship_to.display_name)
            )
        if not order.commitment_date:
            missing.append(self.env._("Delivery date"))
        if not self.channel:
            missing.append(self.env._("How the order came in"))
        return missing

    def _get_missing_lines(self):
        self.ensure_one()
        lines = self._get_content_lines().filtered(lambda line: not line.display_type)
        if not lines:
            return [self.env._("At least one order line")]
        return [
            self.env._(
                "Line %(line)s: %(missing)s",
                line=line.product_id.display_name or line.name,
                missing=", ".join(missing),
            )
            for line in lines
            if (missing := line._get_missing_entries())
        ]

    def _get_missing_roles(self, roles):
        self.ensure_one()
        missing = [
            self.env._("Role %s: no signer assigned", role.name)
            for role in roles
            if not role._get_signers()
        ]
        for step, label in (
            self.env["order.desk.role"]._fields["step"]._description_selection(self.env)
        ):
            if step != "countersign" and step not in roles.mapped("step"):
                missing.append(self.env._("A signer role for the step %s", label))
        return missing
