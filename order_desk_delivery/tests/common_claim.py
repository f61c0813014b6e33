from odoo import Command
from odoo.tests import new_test_user

from .common import OrderDeskDeliveryCommon


class ClaimCommon(OrderDeskDeliveryCommon):
    """An order of ten pumps that has left for the customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.email = "customer@example.com"
        cls.service.email = "service@example.com"
        cls.accountant = new_test_user(
            cls.env,
            login="odd_accountant",
            name="Test accountant",
            groups="account.group_account_invoice",
            tz="Asia/Shanghai",
        )
        cls.sheet = cls._make_shipped()
        cls.line = cls.sheet.order_line

    @classmethod
    def _make_shipped(cls, quantity=10):
        """Return the sheet of an order of which all has left."""
        sheet = cls._make_released(quantity)
        cls._issue(sheet)
        cls._ship(sheet)
        return sheet

    @classmethod
    def _open(cls, quantity=2, kind="quality", user=None, **values):
        """Return a claim that the clerk has taken down."""
        sheet = values.pop("sheet", cls.sheet)
        lines = values.pop(
            "line_ids",
            [
                Command.create(
                    {"sale_line_id": sheet.order_line[:1].id, "quantity": quantity}
                )
            ]
            if quantity
            else [],
        )
        return (
            cls.env["order.desk.claim"]
            .with_user(user or cls.clerk)
            .create(
                {
                    "name": "They leak",
                    "kind": kind,
                    "sheet_id": sheet.id,
                    "line_ids": lines,
                    **values,
                }
            )
        )

    @classmethod
    def _take(cls, **values):
        """Return a claim that customer service has taken."""
        claim = cls._open(**values).with_user(cls.service)
        claim.action_take()
        return claim

    @classmethod
    def _invoice(cls, sheet=None):
        """Return the posted invoice of what has left."""
        invoice = (sheet or cls.sheet).order_id._create_invoices()
        invoice.action_post()
        return invoice

    @classmethod
    def _decide(cls, claim, kind, quantity=None, **values):
        """Return what customer service decides about all goods of ``claim``."""
        quantities = {
            line.id: line.quantity if quantity is None else quantity
            for line in claim.line_ids
        }
        return claim.with_user(cls.service).action_decide(kind, quantities, **values)

    def _run_cron(self):
        """Let the scheduled action do its work."""
        with self.enter_registry_test_mode():
            self.env.ref(
                "order_desk_delivery.ir_cron_follow_claims"
            ).method_direct_trigger()
