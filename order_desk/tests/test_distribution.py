from datetime import timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import AccessError, LockError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged

from .common import OrderDeskCommon


@tagged("post_install", "-at_install")
class TestDistribution(OrderDeskCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.storekeeper, cls.fitter, cls.turner = (
            new_test_user(
                cls.env,
                login=f"od_{name}",
                name=f"Test {name}",
                groups="base.group_user",
                tz="Asia/Shanghai",
            )
            for name in ("storekeeper", "fitter", "turner")
        )
        cls.workshop = cls.env["order.desk.department"].create(
            {"name": "Workshop", "user_ids": (cls.fitter + cls.turner).ids}
        )
        cls.template = cls.env["order.desk.distribution.template"].create(
            {
                "name": "Test copies",
                "line_ids": [
                    Command.create({"user_id": cls.storekeeper.id, "task": "Prepare"}),
                    Command.create(
                        {
                            "department_id": cls.workshop.id,
                            "document": "Production copy",
                            "task": "Plan",
                            "hours": 8,
                        }
                    ),
                ],
            }
        )

    def _coded(self, **vals):
        return self._make_at("confirming", **vals)

    def _copy_of(self, sheet, recipient):
        """Return the sheet's newest copy of the recipient, as the recipient."""
        name = "user_id" if recipient._name == "res.users" else "department_id"
        copies = sheet.distribution_ids.filtered(lambda copy: copy[name] == recipient)
        user = recipient if name == "user_id" else self.fitter
        return copies.sorted("id")[-1:].with_user(user)

    def _change_and_code_again(self, sheet):
        sheet.with_user(self.engineer).action_refuse(
            self.roles["chief_engineer"].id, "More of them"
        )
        sheet.order_id.order_line.product_uom_qty = 12
        self._submit(sheet)
        self._approve(sheet)
        for code in ("general_manager", "production_manager"):
            self._sign_again(sheet, code)
        for code in ("material_control_manager", "chief_engineer"):
            self._sign_again(sheet, code)

    def _sign_again(self, sheet, code):
        role = self.roles[code]
        if role not in sheet._get_roles_to_sign()[sheet]:
            return
        statement = self._soon() if role.gives_finish_date else "As before"
        sheet.with_user(role.user_ids).action_sign(role.id, statement)

    # ------------------------------------------------------------- going out

    def test_copies_go_out_with_the_codes(self):
        sheet = self._make_at("coding")
        self.assertFalse(sheet.distribution_ids)
        self._code(sheet)
        self.assertRecordValues(
            sheet.distribution_ids.sorted("due_on"),
            [
                {
                    "user_id": False,
                    "department_id": self.workshop.id,
                    "document": "Production copy",
                    "task": "Plan",
                    "revision": 1,
                    "state": "to_note",
                },
                {
                    "user_id": self.storekeeper.id,
                    "department_id": False,
                    "document": "Configuration sheet",
                    "task": "Prepare",
                    "revision": 1,
                    "state": "to_note",
                },
            ],
        )
        story = "".join(sheet.message_ids.mapped("body"))
        self.assertIn("Workshop (Test fitter, Test turner), Test storekeeper", story)

    def test_due_counts_working_hours_of_the_company(self):
        sheet = self._coded()
        expected = self.env.company._order_desk_plan_hours(8)
        due = self._copy_of(sheet, self.workshop).due_on
        self.assertLess(abs(due - expected), timedelta(minutes=5))

    def test_copies_of_many_sheets_go_out_at_once(self):
        sheets = self._bring_to(self._make_sheet() + self._make_sheet(), "confirming")
        self.assertEqual([len(sheet.distribution_ids) for sheet in sheets], [2, 2])

    def test_template_applies_by_category_and_class(self):
        customer_class = self.env["order.desk.customer.class"].search([], limit=1)
        self.customer.order_desk_class_id = customer_class
        other = self.env["product.category"].create({"name": "Other things"})
        other_class = self.env["order.desk.customer.class"].create(
            {"name": "Other", "code": "TEST", "sequence": 1}
        )
        for vals, count in (
            ({"categ_id": self.category.id, "class_id": customer_class.id}, 2),
            ({"categ_id": other.id, "class_id": customer_class.id}, 0),
            ({"categ_id": self.category.id, "class_id": other_class.id}, 0),
        ):
            self.template.write(vals)
            with self.subTest(vals=vals):
                self.assertEqual(len(self._coded().distribution_ids), count)

    def test_template_applies_to_the_categories_below(self):
        self.template.categ_id = self.category
        self.pump.categ_id = self.env["product.category"].create(
            {"name": "Small test pumps", "parent_id": self.category.id}
        )
        self.assertEqual(len(self._coded().distribution_ids), 2)

    def test_same_copy_of_two_templates_goes_out_once_with_the_earlier_due(self):
        other = self.template.copy()
        other.line_ids.hours = 1
        sheet = self._coded()
        self.assertEqual(len(sheet.distribution_ids), 2)
        expected = self.env.company._order_desk_plan_hours(1)
        due = self._copy_of(sheet, self.workshop).due_on
        self.assertLess(abs(due - expected), timedelta(minutes=5))

    def test_template_of_another_company_does_not_apply(self):
        other = self.env["res.company"].create({"name": "Second factory"})
        self.template.active = False
        template = self.env["order.desk.distribution.template"].create(
            {"name": "Of the other", "company_id": other.id}
        )
        with self.assertRaises(UserError):  # its people are not of that company
            template.line_ids = [Command.create({"user_id": self.storekeeper.id})]
        self.storekeeper.company_ids += other
        template.line_ids = [Command.create({"user_id": self.storekeeper.id})]
        self.assertFalse(self._coded().distribution_ids)

    def test_template_line_goes_to_one_recipient(self):
        for vals in (
            {},
            {"user_id": self.fitter.id, "department_id": self.workshop.id},
        ):
            with (
                self.subTest(vals=vals),
                self.assertRaisesRegex(ValidationError, "Test copies"),
            ):
                self.template.line_ids = [Command.create(vals)]

    def test_recipients_get_a_to_do_with_the_deadline(self):
        copy = self._copy_of(self._coded(), self.workshop)
        activities = copy.sudo().activity_ids
        self.assertEqual(activities.user_id, self.fitter + self.turner)
        day = self.env.company._order_desk_date(copy.due_on)
        self.assertEqual(set(activities.mapped("date_deadline")), {day})

    def test_changed_content_calls_open_copies_back_and_goes_out_anew(self):
        sheet = self._coded()
        done = self._copy_of(sheet, self.storekeeper)
        done.action_report_done()
        noted = self._copy_of(sheet, self.workshop)
        noted.action_take_note()
        self._change_and_code_again(sheet)
        self.assertEqual(sheet.state, "confirming")
        self.assertEqual(done.state, "done")
        self.assertEqual(noted.state, "cancelled")
        self.assertFalse(noted.sudo().activity_ids)
        fresh = sheet.distribution_ids - done - noted
        self.assertEqual(set(fresh.mapped("revision")), {sheet.revision})
        self.assertEqual(fresh.mapped("state"), ["to_note", "to_note"])

    def test_change_after_the_release_goes_out_once_it_is_signed_again(self):
        sheet = self._make_at("released")
        first = sheet.distribution_ids
        sheet.order_id.order_line.product_uom_qty = 15
        self._check(sheet)
        self.assertEqual(sheet.distribution_ids, first)
        for code in self.roles:
            self._sign_again(sheet, code)
        self.assertFalse(sheet._get_roles_to_sign()[sheet])
        self.assertEqual(set(first.mapped("state")), {"cancelled"})
        fresh = sheet.distribution_ids - first
        self.assertEqual(fresh.mapped("revision"), [sheet.revision] * 2)

    def test_unchanged_content_is_not_distributed_twice(self):
        sheet = self._coded()
        copies = sheet.distribution_ids
        sheet.with_user(self.engineer).action_refuse(
            self.roles["chief_engineer"].id, "Wait"
        )
        self._submit(sheet)
        self._sign_again(sheet, "chief_engineer")
        self.assertEqual(sheet.state, "confirming")
        self.assertEqual(sheet.distribution_ids, copies)
        self.assertEqual(set(copies.mapped("state")), {"to_note"})

    def test_order_taken_up_again_after_a_cancellation_is_distributed_anew(self):
        sheet = self._coded()
        sheet.with_user(self.clerk).action_cancel()
        sheet.order_id.action_draft()
        self._bring_to(sheet, "coding")
        self.assertEqual(sheet.state, "confirming")  # it has its codes already
        self.assertEqual(
            sorted(sheet.distribution_ids.mapped("state")),
            ["cancelled", "cancelled", "to_note", "to_note"],
        )

    # ------------------------------------------------------------- reporting

    def test_recipient_takes_note_and_reports_done(self):
        sheet = self._coded()
        copy = self._copy_of(sheet, self.storekeeper)
        copy.action_take_note()
        self.assertRecordValues(
            copy, [{"state": "noted", "noted_by_id": self.storekeeper.id}]
        )
        self.assertTrue(copy.noted_on)
        self.assertTrue(copy.sudo().activity_ids)
        copy.action_report_done("Two crates short")
        self.assertRecordValues(
            copy, [{"state": "done", "done_by_id": self.storekeeper.id}]
        )
        self.assertFalse(copy.sudo().activity_ids)
        story = "".join(sheet.message_ids.mapped("body"))
        self.assertIn("Test storekeeper took note of: Configuration sheet", story)
        self.assertIn("Test storekeeper reported done: Configuration sheet", story)
        self.assertIn("Two crates short", story)

    def test_done_includes_having_taken_note(self):
        copy = self._copy_of(self._coded(), self.storekeeper)
        copy.action_report_done()
        self.assertEqual(copy.noted_by_id, self.storekeeper)
        self.assertEqual(copy.noted_on, copy.done_on)

    def test_one_acts_for_the_department(self):
        sheet = self._coded()
        copy = self._copy_of(sheet, self.workshop).with_user(self.turner)
        copy.action_report_done()
        self.assertFalse(copy.sudo().activity_ids)
        story = "".join(sheet.message_ids.mapped("body"))
        self.assertIn("Test turner (Workshop) reported done", story)

    def test_to_do_marked_as_done_reports_done(self):
        sheet = self._coded()
        copy = self._copy_of(sheet, self.workshop)
        activity = copy.activity_ids.filtered(lambda a: a.user_id == self.fitter)
        activity.action_feedback("From tomorrow on")
        self.assertRecordValues(copy, [{"state": "done", "done_by_id": self.fitter.id}])
        self.assertFalse(copy.sudo().activity_ids)
        self.assertIn("From tomorrow on", "".join(sheet.message_ids.mapped("body")))

    def test_many_sheets_give_each_recipient_one_message(self):
        sheets = self._bring_to(self._make_sheet() + self._make_sheet(), "coding")
        domain = [("notified_partner_ids", "in", self.storekeeper.partner_id.ids)]
        before = self.env["mail.message"].search(domain)
        self._code(sheets)
        message = self.env["mail.message"].search(domain) - before
        self.assertEqual(
            message.subject, "2 copies of configuration sheets wait for you"
        )
        self.assertNotIn(self.customer.name, message.body)

    def test_recipient_does_not_follow_the_sheet(self):
        sheet = self._coded()
        self._copy_of(sheet, self.storekeeper).action_report_done("On the shelf")
        self.assertNotIn(self.storekeeper.partner_id, sheet.message_partner_ids)

    def test_many_copies_are_reported_at_once(self):
        sheets = self._bring_to(self._make_sheet() + self._make_sheet(), "confirming")
        copies = sheets.distribution_ids.filtered("user_id")
        copies.with_user(self.storekeeper).action_report_done()
        self.assertEqual(copies.mapped("state"), ["done", "done"])

    def test_report_with_a_remark_from_the_dialog(self):
        sheet = self._coded()
        copy = self._copy_of(sheet, self.storekeeper)
        for action, state in (
            ("action_take_note", "noted"),
            ("action_report_done", "done"),
        ):
            wizard = (
                self.env["order.desk.distribution.report"]
                .with_user(self.storekeeper)
                .browse(copy.action_open_remark()["res_id"])
            )
            wizard.remark = f"Remark {state}"
            getattr(wizard, action)()
            self.assertEqual(copy.state, state)
            self.assertIn(f"Remark {state}", "".join(sheet.message_ids.mapped("body")))

    def test_nobody_else_reports(self):
        copy = self._copy_of(self._coded(), self.storekeeper)
        for user in (self.clerk, self.production):
            for action in ("action_take_note", "action_report_done"):
                with (
                    self.subTest(user=user.login, action=action),
                    self.assertRaisesRegex(UserError, "Test storekeeper"),
                ):
                    getattr(copy.with_user(user), action)()
        for user in (self.stranger, self.fitter):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                copy.with_user(user).action_take_note()
        self.assertEqual(copy.state, "to_note")

    def test_second_report_is_told_who_was_first(self):
        copy = self._copy_of(self._coded(), self.workshop)
        copy.with_user(self.turner).action_take_note()
        with self.assertRaisesRegex(UserError, "Test turner took note"):
            copy.action_take_note()
        copy.with_user(self.turner).action_report_done()
        for action in ("action_take_note", "action_report_done"):
            with self.assertRaisesRegex(UserError, "Test turner reported"):
                getattr(copy, action)()

    def test_two_at_once_get_a_message(self):
        copy = self._copy_of(self._coded(), self.workshop)
        locked = patch.object(
            type(copy), "lock_for_update", side_effect=LockError("locked")
        )
        with locked, self.assertRaisesRegex(UserError, "Production copy"):
            copy.action_take_note()

    def test_cancelled_order_takes_its_copies_back(self):
        sheet = self._coded()
        done = self._copy_of(sheet, self.storekeeper)
        done.action_report_done()
        copy = self._copy_of(sheet, self.workshop)
        sheet.with_user(self.clerk).action_cancel()
        self.assertEqual(done.state, "done")
        self.assertEqual(copy.state, "cancelled")
        self.assertFalse(copy.sudo().activity_ids)
        with self.assertRaisesRegex(UserError, "called back"):
            copy.action_take_note()

    # ------------------------------------------------------------- by hand

    def _add(self, sheet, user=None, **vals):
        return (
            self.env["order.desk.distribution"]
            .with_user(user or self.clerk)
            .create({"sheet_id": sheet.id, **vals})
        )

    def test_clerk_adds_a_copy(self):
        sheet = self._coded()
        copy = self._add(sheet, user_id=self.stranger.id, task="Look")
        self.assertRecordValues(copy, [{"state": "to_note", "revision": 1}])
        copy.with_user(self.stranger).action_report_done()
        self.assertEqual(copy.state, "done")

    def test_clerk_adds_a_copy_on_the_sheet(self):
        sheet = self._coded()
        with (
            Form(sheet.with_user(self.clerk)) as form,
            form.distribution_ids.new() as row,
        ):
            row.department_id = self.workshop
            row.task = "Look"
        copy = sheet.distribution_ids.filtered(lambda copy: copy.task == "Look")
        self.assertRecordValues(
            copy, [{"department_id": self.workshop.id, "state": "to_note"}]
        )

    def test_clerk_withdraws_an_open_copy_and_no_other(self):
        sheet = self._coded()
        copy = self._copy_of(sheet, self.workshop).with_user(self.clerk)
        copy.action_withdraw()
        self.assertEqual(copy.state, "cancelled")
        self.assertIn("withdrawn", sheet.message_ids[0].body)
        done = self._copy_of(sheet, self.storekeeper)
        done.action_report_done()
        with self.assertRaisesRegex(UserError, "Test storekeeper reported"):
            done.with_user(self.clerk).action_withdraw()

    def test_recipient_and_salesperson_neither_add_nor_withdraw(self):
        sheet = self._coded()
        copy = self._copy_of(sheet, self.storekeeper)
        for user in (self.storekeeper, self.salesperson):
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    copy.with_user(user).action_withdraw()
                with self.assertRaises(AccessError):
                    self._add(sheet, user, user_id=self.fitter.id)

    def test_copy_goes_to_one_recipient(self):
        sheet = self._coded()
        for vals in (
            {},
            {"user_id": self.fitter.id, "department_id": self.workshop.id},
        ):
            with (
                self.subTest(vals=vals),
                self.assertRaisesRegex(ValidationError, "exactly one"),
            ):
                self._add(sheet, **vals)

    def test_no_copy_before_the_codes_or_after_a_cancellation(self):
        sheet = self._make_at("coding")
        with self.assertRaisesRegex(UserError, sheet.order_id.name):
            self._add(sheet, user_id=self.fitter.id)
        self._code(sheet)
        sheet.with_user(self.clerk).action_cancel()
        with self.assertRaisesRegex(UserError, sheet.order_id.name):
            self._add(sheet, user_id=self.fitter.id)

    def test_who_reported_when_is_not_entered_by_hand(self):
        sheet = self._coded()
        copy = self._copy_of(sheet, self.storekeeper).with_user(self.clerk)
        now = fields.Datetime.now()
        for vals in (
            {"done_on": now},
            {"noted_by_id": self.clerk.id},
            {"cancelled_on": now},
            {"revision": 9},
        ):
            with self.subTest(vals=vals):
                with self.assertRaises(AccessError):
                    copy.write(vals)
                with self.assertRaises(AccessError):
                    self._add(sheet, user_id=self.fitter.id, **vals)
        sneaked = (
            self.env["order.desk.distribution"]
            .with_user(self.clerk)
            .with_context(default_done_on=now)
            .create({"sheet_id": sheet.id, "user_id": self.fitter.id})
        )
        self.assertEqual(sneaked.state, "to_note")

    def test_noted_copy_stays_as_it_is(self):
        copy = self._copy_of(self._coded(), self.storekeeper)
        copy.action_take_note()
        with self.assertRaisesRegex(UserError, "took note"):
            copy.with_user(self.clerk).task = "Something else"
        with self.assertRaisesRegex(UserError, "on file"):
            copy.sudo().unlink()

    # ------------------------------------------------------------- who sees what

    def test_recipient_sees_what_to_build_and_nothing_else(self):
        self.pump.list_price = 98765.43
        sheet = self._coded(
            special_requirement="Ceramic shaft",
            packaging_note="Wooden case",
            tolerance_over=2,
        )
        self.assertEqual(sheet.order_line.price_unit, 98765.43)
        self.env.company.hide_customer_name = True
        copy = self._copy_of(sheet, self.storekeeper)
        names = [name for name in copy.fields_get() if name != "activity_ids"]
        shown = str(copy.read(names))
        for text in ("Test pump", "Cast iron", "Ceramic shaft", "Wooden case", "K-1"):
            self.assertIn(text, shown)
        # the price and the value of ten, plain and with separators
        prices = ("98765", "98,765", "987654", "987,654")
        for text in (self.customer.name, *prices, sheet.order_id.name):
            self.assertNotIn(text, shown)
        with self.assertRaises(AccessError):
            copy.read(["sheet_id"])
        for record in (sheet, sheet.order_id, sheet.order_id.order_line):
            self.assertFalse(record.with_user(self.storekeeper).has_access("read"))

    def test_recipients_read_their_own_copies_only(self):
        sheet = self._coded()
        found = self.env["order.desk.distribution"].with_user(self.turner).search([])
        self.assertEqual(found, self._copy_of(sheet, self.workshop))
        self.assertTrue(found.is_mine)
        self.assertEqual(found.search([("is_mine", "=", True)]), found)
        with self.assertRaises(AccessError):
            self.env["order.desk.distribution"].with_user(self.stranger).search([])

    def test_recipient_finds_the_menu_and_only_that(self):
        self._coded()
        menus = self.env["ir.ui.menu"].with_user(self.storekeeper)
        visible = menus.browse(menus._visible_menu_ids())
        root = self.env.ref("order_desk.order_desk_menu_root")
        found = visible.filtered(lambda menu: menu.parent_id == root)
        own = found.filtered(
            lambda menu: menu._get_external_ids()[menu.id][0].startswith("order_desk.")
        )
        self.assertEqual(own, self.env.ref("order_desk.order_desk_distribution_menu"))
        action = self.env["order.desk.distribution"].with_user(self.storekeeper)
        self.assertIn("search_default_mine", action.action_open_list()["context"])

    def test_sheet_shows_who_has_not(self):
        sheet = self._coded()
        self._copy_of(sheet, self.storekeeper).action_report_done()
        reader = sheet.with_user(self.salesperson)
        self.assertEqual(reader.distribution_progress, "1 of 2 done")
        self.assertIn("Workshop", reader.distribution_open_text)
        self.assertNotIn("storekeeper", reader.distribution_open_text)

    def test_department_without_people_shows_on_the_sheet(self):
        self.workshop.user_ids = False
        sheet = self._coded()
        self.assertIn(
            "Workshop (no one assigned)",
            sheet.with_user(self.clerk).distribution_open_text,
        )

    def test_newcomer_of_a_department_gets_its_open_copies(self):
        copy = self._copy_of(self._coded(), self.workshop)
        self.workshop.with_user(self.administrator).user_ids = self.stranger
        self.assertEqual(copy.sudo().activity_ids.user_id, self.stranger)
        copy.with_user(self.stranger).action_report_done()
        self.assertEqual(copy.sudo().state, "done")

    def test_overdue_copies_are_found(self):
        sheet = self._coded()
        copy = self._copy_of(sheet, self.workshop).with_user(self.clerk)
        copy.due_on = fields.Datetime.now() - timedelta(hours=1)
        self.assertTrue(copy.is_overdue)
        found = copy.search([("is_overdue", "=", True)])
        self.assertEqual(found & sheet.distribution_ids, copy)
        copy.with_user(self.fitter).action_report_done()
        self.assertFalse(copy.is_overdue)

    def test_other_companies_do_not_see_copies_and_set_up(self):
        sheet = self._coded()
        other = self.env["res.company"].create({"name": "Second factory"})
        boss = new_test_user(
            self.env,
            login="od_other_boss",
            groups="order_desk.group_order_desk_administrator",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        for records in (sheet.distribution_ids, self.template, self.workshop):
            self.assertFalse(records.with_user(boss).has_access("read"))
