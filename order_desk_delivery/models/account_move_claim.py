from odoo import models


class AccountMove(models.Model):
    """Credit notes because of a claim (SPEC I1)."""

    _name = "account.move"
    _inherit = ["order.desk.claim.document.mixin", "account.move"]
