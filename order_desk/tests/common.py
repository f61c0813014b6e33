import base64
from datetime import timedelta

from odoo import Command, fields
from odoo.tests import new_test_user

from odoo.addons.sale.tests.common import SaleCommon

from .at_hand import AtHand, at_hand

# the smallest picture there is
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAA"
    "AABJRU5ErkJggg=="
)
# what the roles state where the order desk is installed alone
STATEMENTS = {
    "production_manager": "date",
    "material_control_manager": "text",
    "chief_engineer": "text",
}


class OrderDeskCommon(SaleCommon):
    """A small factory: one person per role and a product category with questions."""

    # tests that begin with the same order before it is made for the others of the
    # class; infinite where tests count what there is
    at_hand_after = 2

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.at_hand = AtHand(cls.at_hand_after)
        cls._reset_company()
        cls._enable_people()
        cls._enable_roles()
        cls.category = cls.env["product.category"].create(
            {
                "name": "Test pumps",
                "configuration_definition": [
                    {
                        "name": "a1b2c3d4e5f60001",
                        "type": "selection",
                        "string": "Impeller",
                        "selection": [["iron", "Cast iron"], ["steel", "Steel"]],
                    },
                    {"name": "a1b2c3d4e5f60002", "type": "char", "string": "Plug"},
                    {"name": "a1b2c3d4e5f60003", "type": "boolean", "string": "Float"},
                    {"name": "a1b2c3d4e5f60004", "type": "integer", "string": "Cable"},
                ],
            }
        )
        cls.pump = cls.env["product.product"].create(
            {
                "name": "Test pump",
                "default_code": "TP-1",
                "type": "consu",
                "is_storable": True,
                "categ_id": cls.category.id,
                "list_price": 250.0,
            }
        )
        cls.customer = cls.env["res.partner"].create(
            {
                "name": "Test customer",
                "phone": "+86 571 0000 0000",
                "street": "1 Dock Road",
                "city": "Hangzhou",
                "country_id": cls.env.ref("base.cn").id,
            }
        )
        cls.class_terms = cls.env["order.desk.customer.class"].create(
            {"code": "T", "name": "Test terms", "sequence": 1}
        )
        cls.customer.order_desk_class_id = cls.class_terms
        cls.team = cls.env["crm.team"].create(
            {"name": "Test team", "use_order_desk": True}
        )
        cls.plain_team = cls.env["crm.team"].create({"name": "Plain team"})

    def setUp(self):
        self.at_hand.prepare()
        super().setUp()
        self.at_hand.begin(self.cr)

    @classmethod
    def _reset_company(cls):
        """Set the company up as it is delivered, also beside the demo factory."""
        company = cls.env.company
        company.write(
            {
                "order_code_pattern": "{number}",
                "hide_customer_name": False,
                "order_desk_short_days": 14,
                "order_desk_payment_basis": "registered",
                "order_desk_count_write_offs": True,
                "order_desk_finance_confirms": False,
            }
        )
        # nothing of the demo factory waits for the people of the tests
        sheets = cls.env["order.desk.sheet"].search(
            [("company_id", "=", company.id), ("state", "!=", "cancel")]
        )
        sheets.clarification_ids.state = "withdrawn"
        sheets.state = "cancel"
        sheets._update_todos()
        cls.env["order.desk.distribution.template"].search(
            [("company_id", "=", company.id)]
        ).active = False
        cls.env["order.desk.role"].search(
            [("company_id", "=", company.id)]
        ).superior_id = False

    @classmethod
    def _enable_people(cls):
        for name, groups in (
            ("salesperson", "sales_team.group_sale_salesman"),
            ("clerk", "order_desk.group_order_desk_clerk"),
            ("checker", "order_desk.group_order_desk_clerk"),
            ("sales_manager", "base.group_user"),
            ("manager", "base.group_user"),
            ("production", "base.group_user"),
            ("material", "base.group_user"),
            ("engineer", "base.group_user"),
            ("warehouse", "base.group_user"),
            ("stranger", "base.group_user"),
            ("administrator", "order_desk.group_order_desk_administrator"),
        ):
            user = new_test_user(
                cls.env,
                login=f"od_{name}",
                name=f"Test {name}",
                groups=groups,
                tz="Asia/Shanghai",
            )
            setattr(cls, name, user)

    @classmethod
    def _enable_roles(cls):
        people = {
            "order_check": cls.env["res.users"],  # the clerks
            "sales_manager": cls.sales_manager,
            "general_manager_review": cls.manager,
            "general_manager": cls.manager,
            "production_manager": cls.production,
            "material_control_manager": cls.material,
            "chief_engineer": cls.engineer,
            "warehouse_supervisor": cls.warehouse,
        }
        cls.env["order.desk.role"]._create_default_roles(cls.env.company)
        cls.roles = {}
        for role in cls.env["order.desk.role"].search(
            [("company_id", "=", cls.env.company.id)]
        ):
            if role.code not in people:
                role.active = False
                continue
            role.user_ids = people[role.code]
            role.statement = STATEMENTS.get(role.code, "none")
            cls.roles[role.code] = role

    @classmethod
    def _add_visitor(cls):
        """Let somebody of the customer log in, and know a customer who may not see."""
        cls.other_customer = cls.env["res.partner"].create({"name": "Other customer"})
        cls.visitor = new_test_user(
            cls.env,
            login="od_customer",
            name="Portal customer",
            groups="base.group_portal",
        )
        cls.visitor.partner_id.parent_id = cls.customer

    @classmethod
    def _make_sheet(cls, quantity=10, complete=True, **line_vals):
        """Return the sheet of a new quotation, by default ready to be submitted."""
        order = cls.env["sale.order"].create(
            {
                "partner_id": cls.customer.id,
                "team_id": cls.team.id,
                "user_id": cls.salesperson.id,
                "commitment_date": complete
                and fields.Datetime.now() + timedelta(days=30),
                "order_line": [
                    Command.create(
                        {
                            "product_id": cls.pump.id,
                            "product_uom_qty": quantity,
                            **line_vals,
                        }
                    )
                ],
            }
        )
        if complete:
            cls._configure(order.order_line)
        order.sheet_id.clerk_id = cls.clerk
        return order.sheet_id

    @classmethod
    def _configure(cls, lines):
        lines.configuration = {
            "a1b2c3d4e5f60001": "iron",
            "a1b2c3d4e5f60002": "EU",
            "a1b2c3d4e5f60003": False,
            "a1b2c3d4e5f60004": 10,
        }

    @classmethod
    def _today(cls):
        return cls.env.company._order_desk_date()

    @classmethod
    def _soon(cls, days=20):
        return cls._today() + timedelta(days=days)

    @classmethod
    def _submit(cls, sheets):
        sheets.with_user(cls.clerk).action_submit()

    @classmethod
    def _check(cls, sheets):
        sheets.with_user(cls.checker).action_check()

    @classmethod
    def _approve(cls, sheets):
        cls._check(sheets)
        sheets.with_user(cls.manager).action_approve()

    @classmethod
    def _countersign(cls, sheets, without=()):
        for code, user, statement in (
            ("general_manager", cls.manager, False),
            ("production_manager", cls.production, cls._soon()),
            ("material_control_manager", cls.material, "All on hand"),
            ("chief_engineer", cls.engineer, "As drawn"),
        ):
            if code not in without:
                sheets.with_user(user).action_sign(cls.roles[code].id, statement)

    @classmethod
    def _code(cls, sheets, customer_code="K-1"):
        sheets.with_user(cls.warehouse).action_code(customer_code=customer_code)

    @classmethod
    def _sign_pending(cls, sheet):
        """Sign again whatever has changed."""
        for role in sheet._get_roles_to_sign()[sheet]:
            if role.is_second_look:
                cls._check(sheet)
                continue
            statement = cls._soon() if role.statement == "date" else "Again"
            sheet.with_user(role.user_ids[:1]).action_sign(role.id, statement)

    @classmethod
    def _send(cls, sheets, via="print"):
        """Proof-read and send the confirmations of these sheets; return them."""
        confirmations = sheets.with_user(cls.clerk).action_make_confirmation()
        confirmations.action_read_all()
        confirmations.action_send(via)
        return confirmations

    @classmethod
    def _make_file(cls, raw=PNG, name="return copy.png"):
        return (
            cls.env["ir.attachment"]
            .with_user(cls.clerk)
            .create({"name": name, "raw": raw})
        )

    @classmethod
    def _file_return(cls, confirmations, remarks=False):
        confirmations.with_user(cls.clerk).action_file_return(
            "Mr Customer", cls._make_file().ids, remarks
        )

    @classmethod
    def _confirm(cls, sheets):
        """Let the customers confirm what these sheets say."""
        confirmations = cls._send(sheets)
        cls._file_return(confirmations)
        confirmations.action_verify()

    @classmethod
    def _release(cls, sheets):
        cls._confirm(sheets)
        sheets.with_user(cls.clerk).action_release()

    @classmethod
    def _bring_to(cls, sheets, state):
        """Take sheets along the real way until they are in ``state``."""
        steps = {
            "review": cls._submit,
            "countersign": cls._approve,
            "coding": cls._countersign,
            "confirming": cls._code,
            "released": cls._release,
        }
        for name, step in steps.items():
            step(sheets)
            if name == state:
                return sheets
        raise AssertionError(state)

    @classmethod
    @at_hand
    def _make_at(cls, state, quantity=10, **line_vals):
        """Return the sheet of a new order that was taken to ``state``."""
        return cls._bring_to(cls._make_sheet(quantity, **line_vals), state)

    @classmethod
    def _pay(cls, invoices, amount=None, user=None, **vals):
        """Register a payment on invoices, as the accountant does; return it."""
        wizard = (
            cls.env["account.payment.register"]
            .with_user(user or cls.accountant)
            .with_context(active_model="account.move", active_ids=invoices.ids)
            .create({"group_payment": True})
        )
        # one after the other, as in the dialog, where one field changes the next
        for name in ("payment_date", "currency_id"):
            if name in vals:
                wizard[name] = vals.pop(name)
        if amount is not None:
            wizard.amount = amount
        for name, value in vals.items():
            wizard[name] = value
        return wizard._create_payments().sudo()
