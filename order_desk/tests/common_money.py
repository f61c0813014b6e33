from contextlib import contextmanager

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import new_test_user

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

from .at_hand import at_hand
from .common import OrderDeskCommon


class OrderDeskMoneyCommon(OrderDeskCommon, AccountTestInvoicingCommon):
    """The small factory with real accounts, an accountant and customer classes."""

    @classmethod
    def setup_independent_user(cls):
        """Set up as the superuser, as the other tests of the desk do."""
        return

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = new_test_user(
            cls.env,
            login="od_accountant",
            name="Test accountant",
            groups="account.group_account_invoice",
        )
        cls.shipper = new_test_user(
            cls.env,
            login="od_shipper",
            name="Test shipper",
            groups="stock.group_stock_user,base.group_partner_manager",
        )
        cls.env.company.account_use_credit_limit = False
        cls.class_balance = cls._make_class("TB", deposit_percent=30, ship_on="balance")
        cls.class_credit = cls._make_class("TC", check_credit=True)
        cls.customer.order_desk_class_id = cls.class_balance
        cls.customer.email = "customer@example.com"
        cls.customer.country_id = cls.env.company.country_id  # taxed as at home
        cls.pump.taxes_id = False
        cls.pump.list_price = 100.0
        cls.env["stock.quant"]._update_available_quantity(
            cls.pump, cls._get_warehouse().lot_stock_id, 1000
        )

    @classmethod
    def _get_warehouse(cls):
        return cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.env.company.id)], limit=1
        )

    @classmethod
    def _make_class(cls, code, **vals):
        return cls.env["order.desk.customer.class"].create(
            {"code": code, "name": f"Test {code}", "sequence": 2, **vals}
        )

    @classmethod
    def _make_order(cls, quantity=10, state="sale", **line_vals):
        """Return an order of 1000.00 under the desk's control, confirmed by default."""
        sheet = cls._make_sheet(quantity, **line_vals)
        if state == "sale":
            cls._code_order(sheet)
        return sheet.order_id

    @classmethod
    def _code_order(cls, sheet):
        """Take a sheet to the customer's confirmation, whatever its prices."""
        sheet.price_reason = "Agreed"
        cls._submit(sheet)
        cls._check(sheet)
        if sheet.has_price_exception:
            sheet.with_user(cls.sales_manager).action_approve()
        sheet.with_user(cls.manager).action_approve()
        cls._countersign(sheet)
        cls._code(sheet)

    @classmethod
    def _release_order(cls, order):
        cls._confirm(order.sheet_id)
        order.sheet_id.with_user(cls.clerk).action_release()

    @classmethod
    @at_hand
    def _make_released(cls, quantity=10, **line_vals):
        """Return a released order whose deposit has arrived."""
        order = cls._make_order(quantity, **line_vals)
        if order.deposit_required:
            cls._pay(cls._invoice_deposit(order, order.deposit_required))
        cls._release_order(order)
        return order

    # ------------------------------------------------------------- accounts

    @classmethod
    def _invoice_deposit(cls, order, amount, post=True):
        """Return a down-payment invoice of a fixed amount, as Odoo makes it."""
        wizard = cls.env["sale.advance.payment.inv"].create(
            {
                "sale_order_ids": [Command.set(order.ids)],
                "advance_payment_method": "fixed",
                "fixed_amount": amount,
            }
        )
        invoice = wizard._create_invoices(order)
        if post:
            invoice.action_post()
        return invoice

    @classmethod
    def _invoice_rest(cls, orders, post=True, **vals):
        """Return the invoice of all that can be invoiced now."""
        invoices = orders._create_invoices(final=True)
        if vals:
            invoices.write(vals)
        if post:
            invoices.action_post()
        return invoices

    @classmethod
    def _credit(cls, invoice, quantity=None, reconcile=False):
        """Return a posted credit note of ``invoice``."""
        note = invoice._reverse_moves(
            [{"invoice_date": cls._today()}], cancel=reconcile
        )
        if quantity is not None:
            note.invoice_line_ids.quantity = quantity
        if note.state == "draft":
            note.action_post()
        return note

    @classmethod
    def _match_with_bank(cls, payment):
        """Match a payment with a line of the bank statement, as an accountant does."""
        line = cls.env["account.bank.statement.line"].create(
            {
                "journal_id": payment.journal_id.id,
                "payment_ref": payment.name,
                "amount": payment.amount,
                "date": payment.date,
            }
        )
        outstanding = payment.move_id.line_ids.filtered(
            lambda aml: aml.account_id == payment.outstanding_account_id
        )
        _liquidity, suspense, _other = line._seek_for_lines()
        suspense.account_id = outstanding.account_id
        (suspense | outstanding).reconcile()
        return line

    # ------------------------------------------------------------- goods

    @classmethod
    def _ship(cls, order, quantity=None, user=None):
        """Validate the order's open transfer for ``quantity``; return it."""
        picking = order.picking_ids.filtered(
            lambda picking: picking.state not in ("done", "cancel")
        )
        picking.action_assign()
        if quantity is not None:
            picking.move_ids.quantity = quantity
        picking.move_ids.picked = True
        picking = picking.with_user(user or cls.shipper)
        picking.with_context(skip_backorder=True).button_validate()
        return picking

    @contextmanager
    def assert_refused(self, pattern="."):
        """Check that a user is told why not, and that nothing is half done."""
        with self.assertRaises(UserError) as error, self.env.cr.savepoint():
            yield error
        self.env.invalidate_all()
        self.assertRegex(str(error.exception), pattern)

    def _get_condition(self, order, code, gate="production"):
        order.invalidate_recordset()
        conditions = order._get_gate_conditions(gate)[order]
        return next((c for c in conditions if c["code"] == code), None)
