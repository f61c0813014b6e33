from odoo.tests import new_test_user

from .common import OrderDeskCommon


class ClassCommon(OrderDeskCommon):
    """Classes A, B, C as delivered, a supervisor, and a second company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.class_terms.active = False
        cls.class_a, cls.class_b, cls.class_c = (
            cls.env.ref(f"order_desk.customer_class_{code}") for code in "abc"
        )
        cls.env["order.desk.customer.class"].search(
            [("id", "not in", (cls.class_a | cls.class_b | cls.class_c).ids)]
        ).active = False
        cls.env["order.desk.class.change"].search(
            [("state", "=", "open")]
        ).state = "withdrawn"
        cls.other_company = cls.env["res.company"].create({"name": "Second factory"})
        cls.supervisor, cls.second_supervisor = (
            new_test_user(
                cls.env,
                login=f"od_{name}",
                name=f"Test {name}",
                groups="order_desk.group_order_desk_supervisor,base.group_partner_manager",
                company_ids=[(4, cls.env.company.id), (4, cls.other_company.id)],
            )
            for name in ("supervisor", "second supervisor")
        )
        cls.customer.order_desk_class_id = cls.class_c
        cls.contact = cls.env["res.partner"].create(
            {"name": "Test buyer", "parent_id": cls.customer.id}
        )

    @classmethod
    def _ask(cls, customer_class, user=None, reason="Pays well", customers=None):
        """Have a salesperson, or ``user``, change the class; return the changes."""
        customers = customers or cls.customer
        return customers.with_user(user or cls.salesperson).change_order_desk_class(
            customer_class, reason, cls.env.company
        )

    @classmethod
    def _make_customer(cls, customer_class=None, **vals):
        return cls.env["res.partner"].create(
            {
                "name": "Another customer",
                "is_company": True,
                "order_desk_class_id": customer_class and customer_class.id,
                **vals,
            }
        )

    def _get_class(self, partner, company=None):
        partner.invalidate_recordset()
        return partner._get_order_desk_class(company or self.env.company)
