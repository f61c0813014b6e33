from psycopg2.errors import CheckViolation

from odoo import Command, http
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, HttpCase, JsonRpcException, new_test_user, tagged
from odoo.tools import mute_logger

from .common_class import ClassCommon


@tagged("post_install", "-at_install")
class TestClassGuard(ClassCommon):
    """There is no other way to a class than the decision."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesperson.group_ids += cls.env.ref("base.group_partner_manager")

    def test_class_is_not_written_by_hand(self):
        for user in (self.salesperson, self.supervisor, self.administrator):
            customer = self.customer.with_user(user)
            vals = {"order_desk_class_id": self.class_a.id}
            both = customer | self.contact.with_user(user)
            for name, partners, values in (
                ("class", customer, vals),
                ("no class", customer, {"order_desk_class_id": False}),
                ("contact", self.contact.with_user(user), vals),
                ("many", both, vals),
            ):
                with (
                    self.subTest(user=user.login, door=name),
                    self.assertRaisesRegex(UserError, "Change Class"),
                ):
                    partners.write(values)
        self.assertEqual(self._get_class(self.customer), self.class_c)

    def test_refusal_names_the_customer(self):
        with self.assertRaisesRegex(UserError, self.customer.name):
            self.customer.with_user(self.supervisor).order_desk_class_id = self.class_a

    def test_class_is_not_written_in_another_company(self):
        customer = self.customer.with_user(self.supervisor)
        with self.assertRaisesRegex(UserError, "Change Class"):
            customer.with_company(self.other_company).order_desk_class_id = self.class_a

    def test_customer_is_not_created_with_a_class(self):
        partners = self.env["res.partner"].with_user(self.salesperson)
        with self.assertRaisesRegex(UserError, "New customer"):
            partners.create(
                {"name": "New customer", "order_desk_class_id": self.class_a.id}
            )

    def test_defaults_do_not_give_a_class(self):
        partners = self.env["res.partner"].with_user(self.salesperson)
        self.env["ir.default"].with_user(self.salesperson).set(
            "res.partner", "order_desk_class_id", self.class_a.id, user_id=True
        )
        for context in ({}, {"default_order_desk_class_id": self.class_a.id}):
            partner = partners.with_context(**context).create({"name": "New customer"})
            self.assertFalse(partner.order_desk_class_id)
            self.assertEqual(self._get_class(partner), self.class_c)

    def test_file_import_does_not_give_a_class(self):
        partners = self.env["res.partner"].with_user(self.supervisor)
        result = partners.load(
            ["name", "order_desk_class_id/.id"],
            [["Imported customer", str(self.class_a.id)]],
        )
        self.assertFalse(result["ids"])
        self.assertIn("Change Class", result["messages"][0]["message"])
        self.assertTrue(partners.load(["name"], [["Imported customer"]])["ids"])

    def test_duplicate_starts_without_a_class(self):
        self.customer.order_desk_class_id = self.class_a
        copy = self.customer.with_user(self.salesperson).copy()
        self.assertFalse(copy.order_desk_class_id)

    def test_superuser_sets_classes(self):
        customer = self._make_customer(self.class_b)
        self.assertEqual(self._get_class(customer), self.class_b)
        customer.order_desk_class_id = self.class_a
        self.assertEqual(self._get_class(customer), self.class_a)

    def test_customer_form_is_saved_as_it_is(self):
        self.customer.order_desk_class_id = self.class_b
        with Form(self.customer.with_user(self.salesperson)) as form:
            form.street = "2 Dock Road"
        self.customer.with_user(self.salesperson).write(
            {"order_desk_class_id": self.class_b.id, "street": "3 Dock Road"}
        )
        self.assertEqual(self.customer.street, "3 Dock Road")

    # ------------------------------------------------------------- contacts

    def _set_classes(self, customer):
        customer.order_desk_class_id = self.class_b
        customer.with_company(self.other_company).order_desk_class_id = self.class_a

    def _assert_classes(self, partner, here, there):
        self.assertEqual(self._get_class(partner), here)
        self.assertEqual(self._get_class(partner, self.other_company), there)
        partner.invalidate_recordset()
        self.assertEqual(partner.order_desk_applied_class_id, here)
        other = partner.with_company(self.other_company)
        self.assertEqual(other.order_desk_applied_class_id, there)

    def test_contacts_follow_their_company_in_each_company(self):
        self._set_classes(self.customer)
        self._assert_classes(self.contact, self.class_b, self.class_a)
        self.assertEqual(self.contact.order_desk_class_id, self.class_b)
        self.assertEqual(
            self.contact.with_company(self.other_company).order_desk_class_id,
            self.class_a,
        )

    def test_new_contact_of_a_salesperson_follows(self):
        self._set_classes(self.customer)
        contact = (
            self.env["res.partner"]
            .with_user(self.salesperson)
            .create({"name": "New buyer", "parent_id": self.customer.id})
        )
        self._assert_classes(contact.with_env(self.env), self.class_b, self.class_a)
        self.assertEqual(contact.order_desk_class_id, self.class_b)

    def test_contact_moved_to_another_company_follows(self):
        other = self._make_customer()
        self._set_classes(self.customer)
        contact = self.contact.with_user(self.salesperson)
        contact.parent_id = other
        self._assert_classes(self.contact, self.class_c, self.class_c)
        self.assertFalse(contact.order_desk_class_id)
        contact.parent_id = self.customer
        self._assert_classes(self.contact, self.class_b, self.class_a)

    def test_contact_that_leaves_its_company_starts_in_the_strictest_class(self):
        self._set_classes(self.customer)
        self.contact.with_user(self.salesperson).parent_id = False
        self._assert_classes(self.contact, self.class_c, self.class_c)

    def test_contact_that_becomes_a_company_starts_in_the_strictest_class(self):
        self._set_classes(self.customer)
        self.contact.with_user(self.salesperson).company_type = "company"
        self._assert_classes(self.contact, self.class_c, self.class_c)

    def test_company_made_of_a_person_keeps_the_class(self):
        person = self.env["res.partner"].create(
            {"name": "Mr Wang", "company_name": "Wang Pumps"}
        )
        self._set_classes(person)
        person.with_user(self.salesperson).create_company()
        self.assertEqual(person.parent_id.name, "Wang Pumps")
        self._assert_classes(person, self.class_b, self.class_a)

    def test_customer_with_open_orders_does_not_slip_into_a_laxer_class(self):
        parent = self._make_customer(self.class_a)
        person = self.env["res.partner"].create({"name": "Mr Li"})
        sheet = self._make_sheet()
        sheet.order_id.partner_id = person
        with self.assertRaisesRegex(UserError, sheet.order_id.name):
            person.with_user(self.salesperson).parent_id = parent
        person.with_user(self.supervisor).parent_id = parent
        self.assertEqual(sheet.customer_class_id, self.class_a)

    def test_customer_with_open_orders_may_join_a_stricter_class(self):
        self.customer.order_desk_class_id = self.class_a
        self._make_sheet()
        parent = self._make_customer(self.class_c)
        self.customer.with_user(self.salesperson).parent_id = parent
        self.assertEqual(self._get_class(self.customer), self.class_c)

    # ------------------------------------------------------------- out of use

    def test_archived_class_counts_as_the_strictest(self):
        self.customer.order_desk_class_id = self.class_a
        sheet = self._make_sheet()
        self.assertEqual(sheet.customer_class_id, self.class_a)
        action = self.class_a.with_user(self.administrator).action_archive()
        self.assertIn(self.class_c.display_name, action["params"]["message"])
        self.assertEqual(self._get_class(self.customer), self.class_c)
        self.assertEqual(sheet.customer_class_id, self.class_c)
        self.assertIn("archived", self.customer.order_desk_class_note)
        customers = self.env["res.partner"].search(
            self.class_a.action_open_customers()["domain"]
        )
        self.assertIn(self.customer, customers)
        self.assertNotIn(self.contact, customers)
        self.class_a.action_unarchive()
        self.assertEqual(self._get_class(self.customer), self.class_a)

    def test_class_with_customers_is_not_deleted(self):
        self.customer.order_desk_class_id = False
        other = self.customer.with_company(self.other_company)
        other.order_desk_class_id = self.class_a
        with self.assertRaisesRegex(UserError, f"{self.customer.name}.*Archive"):
            self.class_a.with_user(self.administrator).unlink()

    def test_class_of_the_past_is_not_deleted(self):
        new_class = self.env["order.desk.customer.class"].create(
            {"code": "N", "name": "New", "sequence": 15}
        )
        self._ask(new_class, self.supervisor)
        self._ask(self.class_b, self.supervisor)
        with self.assertRaisesRegex(UserError, self.customer.name):
            new_class.with_user(self.administrator).unlink()

    def test_class_nobody_has_is_deleted(self):
        new_class = self.env["order.desk.customer.class"].create(
            {"code": "N", "name": "New"}
        )
        new_class.with_user(self.administrator).unlink()
        self.assertFalse(new_class.exists())

    # ------------------------------------------------------------- merged

    def _merge(self, source, target, user=None):
        wizard = (
            self.env["base.partner.merge.automatic.wizard"]
            .with_user(user or self.salesperson)
            .create(
                {
                    "partner_ids": [Command.set((source | target).ids)],
                    "dst_partner_id": target.id,
                }
            )
        )
        wizard.action_merge()
        self.env.invalidate_all()
        self.assertFalse(source.exists())

    def test_merged_customer_is_not_put_into_a_laxer_class(self):
        for own, other, result in (
            (self.class_c, self.class_a, self.class_c),
            (self.class_a, self.class_b, self.class_b),
            (False, self.class_a, False),
            (self.class_a, False, self.class_a),
        ):
            target, source = self._make_customer(own), self._make_customer(other)
            with self.subTest(own=own and own.code, other=other and other.code):
                self._merge(source, target)
                expected = result or self.class_a.browse()
                self.assertEqual(target.order_desk_class_id, expected)

    def test_merge_looks_at_each_company(self):
        target, source = self._make_customer(self.class_a), self._make_customer()
        there = target.with_company(self.other_company)
        there.order_desk_class_id = self.class_b
        source.with_company(self.other_company).order_desk_class_id = self.class_c
        self._merge(source, target)
        self.assertEqual(target.order_desk_class_id, self.class_a)
        self.assertEqual(there.order_desk_class_id, self.class_c)

    def test_stricter_class_of_a_merge_is_told_in_the_chatter(self):
        target, source = self._make_customer(self.class_a), self._make_customer()
        source.write({"name": "Strict & Sons", "order_desk_class_id": self.class_b.id})
        self._merge(source, target)
        bodies = "".join(target.message_ids.mapped("body"))
        self.assertIn(self.class_b.display_name, bodies)

    def test_class_of_a_merged_customer_is_asked_for(self):
        target, source = self._make_customer(), self._make_customer(self.class_a)
        self._merge(source, target)
        self.assertRecordValues(
            target.order_desk_open_change_id,
            [{"new_class_id": self.class_a.id, "user_id": self.salesperson.id}],
        )
        self.assertEqual(self._get_class(target), self.class_c)

    def test_open_orders_do_not_get_a_laxer_class_by_a_merge(self):
        target, source = self._make_customer(self.class_a), self._make_customer()
        sheet = self._make_sheet()
        sheet.order_id.partner_id = source
        with (
            self.assertRaisesRegex(UserError, sheet.order_id.name),
            self.env.cr.savepoint(),
        ):
            self._merge(source, target)
        self.env.invalidate_all()
        self._merge(source, target, self.supervisor)
        self.assertEqual(sheet.order_id.partner_id, target)

    def test_open_changes_follow_the_customer_that_stays(self):
        target, source = (self._make_customer(self.class_c) for _number in range(2))
        change = self._ask(self.class_a, customers=source)
        self._merge(source, target)
        self.assertEqual(change.partner_id, target)
        change.with_user(self.supervisor).action_accept()
        self.assertEqual(target.order_desk_class_id, self.class_a)

    def test_one_of_two_open_changes_goes_on(self):
        target, source = (self._make_customer(self.class_c) for _number in range(2))
        kept = self._ask(self.class_b, customers=target)
        gone = self._ask(self.class_a, customers=source)
        self._merge(source, target)
        self.assertRecordValues(
            kept | gone,
            [
                {"state": "open", "partner_id": target.id},
                {"state": "withdrawn", "partner_id": target.id},
            ],
        )

    # ------------------------------------------------------------- policy

    def test_impossible_policies_are_refused(self):
        for vals in (
            {"deposit_percent": -1},
            {"deposit_percent": 100.01},
            {"max_overdue_days": -1},
            {"max_overdue_amount": -0.01},
            {"propose_max_overdue_share": 101},
            {"propose_max_days_late": -1},
        ):
            with (
                self.subTest(vals=vals),
                self.assertRaises(CheckViolation),
                mute_logger("odoo.sql_db"),
            ):
                self.class_b.with_user(self.administrator).write(vals)
                self.env.flush_all()

    def test_policy_is_told_in_words(self):
        self.class_b.write(
            {"deposit_percent": 30, "ship_on": "balance", "deposit_offset": "last"}
        )
        self.assertIn("30 %", self.class_b.policy)
        self.assertIn("last shipments", self.class_b.policy)
        self.class_a.write({"check_credit": True, "max_overdue_days": 7})
        self.assertIn("7 days", self.class_a.policy)

    def test_supervisors_do_not_change_the_policy(self):
        with self.assertRaises(AccessError):
            self.class_b.with_user(self.supervisor).deposit_percent = 0


@tagged("post_install", "-at_install")
class TestClassHttp(ClassCommon, HttpCase):
    """Customers do not see how they are rated, and nobody gets round by RPC."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.order_desk_class_id = cls.class_b
        cls.customer.customer_code = "K-77"
        cls.portal = new_test_user(
            cls.env, login="od_class_portal", groups="base.group_portal"
        )
        cls.portal.partner_id.write(
            {
                "parent_id": cls.customer.id,
                "email": "buyer@example.com",
                "phone": "+86 571 0000 0001",
            }
        )

    def _call(self, model, method, *args):
        return self.make_jsonrpc_request(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": args, "kwargs": {}},
        )

    def test_class_is_not_written_by_remote_call(self):
        self.salesperson.group_ids += self.env.ref("base.group_partner_manager")
        branch = self._make_customer(self.class_b, parent_id=self.customer.id)
        vals = {"order_desk_class_id": self.class_a.id}
        person = self.salesperson.partner_id
        self.authenticate("od_salesperson", "od_salesperson")
        for partners, values in (
            (self.customer, vals),
            (self.customer, {"child_ids": [Command.update(branch.id, vals)]}),
            (self.customer, {"child_ids": [Command.create({"name": "X", **vals})]}),
            (person, {"user_ids": [Command.update(self.salesperson.id, vals)]}),
        ):
            with (
                self.subTest(values=values),
                mute_logger("odoo.http"),
                self.assertRaises(JsonRpcException),
            ):
                self._call("res.partner", "write", partners.ids, values)
        with mute_logger("odoo.http"), self.assertRaises(JsonRpcException):
            self._call(
                "res.partner",
                "change_order_desk_class",
                self.customer.ids,
                self.class_a.id,
                "Over RPC",
                self.env.company.id,
            )
        partners = self.customer | branch
        partners.invalidate_recordset()
        self.assertEqual(partners.order_desk_class_id, self.class_b)

    def test_customer_does_not_read_class_or_code(self):
        for partner in (self.portal.partner_id, self.customer):
            for name in ("order_desk_class_id", "customer_code"):
                with self.assertRaises(AccessError):
                    partner.with_user(self.portal).read([name])
                with self.assertRaises(AccessError):
                    partner.with_user(self.portal).search([(name, "!=", False)])

    def test_customer_edits_the_address_in_the_portal(self):
        self.authenticate("od_class_portal", "od_class_portal")
        partner = self.portal.partner_id
        page = self.url_open(f"/my/address?partner_id={partner.id}")
        self.assertEqual(page.status_code, 200)
        self.assertNotIn("K-77", page.text)
        response = self.url_open(
            "/my/address/submit",
            data={
                "partner_id": partner.id,
                "name": "Buyer renamed",
                "email": "buyer@example.com",
                "phone": "+86 571 0000 0001",
                "street": "9 Portal Road",
                "city": "Hangzhou",
                "zip": "310000",
                "country_id": self.env.ref("base.cn").id,
                "state_id": self.env.ref("base.state_cn_ZJ").id,
                "order_desk_class_id": self.class_a.id,
                "csrf_token": http.Request.csrf_token(self),
            },
        )
        self.assertIn("redirectUrl", response.text)
        self.assertEqual(partner.street, "9 Portal Road")
        self.assertEqual(self._get_class(partner), self.class_b)
