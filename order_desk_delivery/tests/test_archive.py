from datetime import date, datetime

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from .common import OrderDeskDeliveryCommon

MARCH = date(2026, 3, 1)


@tagged("post_install", "-at_install")
class TestArchive(OrderDeskDeliveryCommon):
    """The papers of a month are handed over and archived (SPEC G5)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.resource_calendar_id.tz = "Asia/Shanghai"
        cls.env["order.desk.archive"].search([]).sudo().unlink()

    def _leave(self, moment="2026-03-10 08:00:00"):
        """Return the transfer of an order that has left at ``moment`` (UTC)."""
        sheet = self._make_released()
        self._issue(sheet)
        picking = self._ship(sheet)
        picking.move_ids.write({"date": moment})
        return picking

    def _make_archive(self, month=MARCH, user=None):
        archives = self.env["order.desk.archive"].with_user(user or self.sales_admin)
        return archives.create({"month": month})

    def _run_cron(self):
        with self.enter_registry_test_mode():
            cron = self.env.ref("order_desk_delivery.ir_cron_make_archives")
            cron.method_direct_trigger()

    def _hand_over(self, archive):
        archive.with_user(self.sales_admin).action_hand_over()

    # ------------------------------------------------------------- what is in

    def test_archive_lists_what_left_and_what_is_missing(self):
        picking = self._leave()
        archive = self._make_archive()
        self.assertRecordValues(
            archive.line_ids,
            [
                {
                    "picking_id": picking.id,
                    "order_names": picking.sale_id.name,
                    "partner_id": self.customer.id,
                    "slip_state": "there",
                    "advice_state": "missing",
                    "receipt_state": "missing",
                    "is_filed": False,
                    "missing": True,
                }
            ],
        )

    def test_what_left_in_an_emergency_lacks_its_advice(self):
        sheet = self._make_released()
        sheet.with_user(self.service).action_waive(
            "shipping",
            "shipping_request",
            "The customer's line stands still",
            "Shipping request",
            self._soon(3),
        )
        self._ship(sheet).move_ids.write({"date": "2026-03-10 08:00:00"})
        archive = self._make_archive()
        self.assertEqual(archive.line_ids.advice_state, "missing")

    def test_the_companys_midnight_decides_the_month(self):
        # 1 March and 1 April in Shanghai begin at 16:00 of the day before
        first = self._leave("2026-02-28 16:00:00")
        last = self._leave("2026-03-31 15:59:59")
        self._leave("2026-02-28 15:59:59")
        self._leave("2026-03-31 16:00:00")
        archive = self._make_archive()
        self.assertEqual(archive.line_ids.picking_id, first | last)

    def test_any_day_stands_for_its_month(self):
        archive = self._make_archive(date(2026, 3, 17))
        self.assertEqual(archive.month, MARCH)

    def test_plain_orders_and_returns_are_not_in(self):
        picking = self._leave()
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "team_id": self.plain_team.id,
                "order_line": [(0, 0, {"product_id": self.pump.id})],
            }
        )
        order.action_confirm()
        order.picking_ids.move_ids.write({"quantity": 1, "picked": True})
        order.picking_ids.button_validate()
        order.picking_ids.move_ids.write({"date": "2026-03-10 08:00:00"})
        back = self.env["stock.return.picking"].create({"picking_id": picking.id})
        back.product_return_moves.quantity = 10
        returned = back._create_return()
        returned.move_ids.write({"quantity": 10, "picked": True})
        returned.button_validate()
        returned.move_ids.write({"date": "2026-03-11 08:00:00"})
        archive = self._make_archive()
        self.assertEqual(archive.line_ids.picking_id, picking)
        # all of it came back: nobody is to sign for it
        self.assertEqual(archive.line_ids.receipt_state, "none")

    def test_another_company_has_its_own(self):
        self._leave()
        company = self.env["res.company"].create({"name": "Test second"})
        archive = self.env["order.desk.archive"].create(
            {"month": MARCH, "company_id": company.id}
        )
        self.assertFalse(archive.line_ids)

    def test_a_month_has_one_archive_and_has_begun(self):
        archive = self._make_archive()
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            self._make_archive()
        with self.assertRaisesRegex(ValidationError, "has not begun yet"):
            self._make_archive(self._soon(40))
        self.assertTrue(archive.exists())

    def test_refresh_keeps_ticks_and_adds_what_has_left_since(self):
        self._leave()
        archive = self._make_archive()
        line = archive.line_ids
        line.action_file()
        line.note = "Folder 3"
        later = self._leave("2026-03-20 08:00:00")
        archive.action_refresh()
        self.assertRecordValues(
            archive.line_ids.sorted("shipped_on"),
            [
                {"id": line.id, "is_filed": True, "note": "Folder 3"},
                {"id": archive.line_ids[-1:].id, "is_filed": False, "note": False},
            ],
        )
        self.assertIn(later, archive.line_ids.picking_id)

    # ------------------------------------------------------------- handing over

    def test_filed_handed_over_accepted_signed_off(self):
        self._leave()
        archive = self._make_archive()
        archive.line_ids.action_file()
        self._hand_over(archive)
        service = archive.with_user(self.service)
        with self.assertRaisesRegex(UserError, "shipping advice, delivery receipt"):
            service.action_sign_off()
        service.line_ids.action_accept("The customer never sent it back")
        service.action_sign_off()
        self.assertRecordValues(
            archive,
            [
                {
                    "state": "signed",
                    "handed_over_by_id": self.sales_admin.id,
                    "signed_by_id": self.service.id,
                }
            ],
        )
        self.assertTrue(archive.number.startswith("AR"))
        self.assertEqual(archive.line_ids.accepted_by_id, self.service)

    def test_archived_it_stays_as_it_is(self):
        self._leave()
        archive = self._make_archive()
        self._hand_over(archive)
        service = archive.with_user(self.service)
        service.line_ids.action_accept("Lost")
        service.action_sign_off()
        for act in (
            lambda: service.line_ids.action_file(),
            lambda: service.line_ids.write({"note": "Found"}),
            lambda: service.write({"note": "Found"}),
            lambda: archive.action_refresh(),
            lambda: archive.unlink(),
        ):
            with self.assertRaises(UserError):
                act()
        self._leave("2026-03-20 08:00:00")
        self._run_cron()
        self.assertEqual(len(archive.line_ids), 1)

    def test_only_the_roles_hand_over_and_sign_off(self):
        self._leave()
        archive = self._make_archive()
        with self.assertRaisesRegex(UserError, "handed over by Test sales_admin"):
            archive.with_user(self.service).action_hand_over()
        with self.assertRaisesRegex(UserError, "was not handed over yet"):
            archive.with_user(self.service).action_sign_off()
        self._hand_over(archive)
        with self.assertRaisesRegex(UserError, "signed off by Test service"):
            archive.with_user(self.sales_admin).action_sign_off()
        with self.assertRaisesRegex(UserError, "signed off by Test service"):
            archive.line_ids.with_user(self.sales_admin).action_accept("Lost")

    def test_a_shipper_by_role_files_and_hands_over(self):
        packer = new_test_user(self.env, "odd_packer", groups="stock.group_stock_user")
        self.roles["shipper"].user_ids = packer
        self._leave()
        archive = self._make_archive().with_user(packer)
        archive.line_ids.action_file()
        archive.line_ids.action_unfile()
        archive.action_refresh()
        archive.line_ids.note = "In the green folder"
        archive.line_ids.action_file()
        self.assertEqual(archive.line_ids.filed_by_id, packer)
        archive.action_hand_over()
        self.assertEqual(archive.handed_over_by_id, packer)
        self.assertIn(self.service, archive.sudo().activity_ids.user_id)
        with self.assertRaisesRegex(UserError, "signed off by Test service"):
            archive.action_sign_off()

    def test_the_warehouse_files_where_no_shipper_is_named(self):
        self._leave()
        archive = self._make_archive()
        warehouse = new_test_user(
            self.env, "odd_warehouse", groups="stock.group_stock_user"
        )
        line = archive.line_ids.with_user(warehouse)
        with self.assertRaisesRegex(UserError, "Test shipper"):
            line.action_file()
        self.roles["shipper"].user_ids = False
        line.action_file()
        self.assertEqual(line.filed_by_id, warehouse)
        archive.with_user(warehouse).action_hand_over()
        with self.assertRaises(AccessError):
            archive.with_user(warehouse).unlink()

    def test_a_month_is_handed_over_once_it_has_ended(self):
        archive = self._make_archive(self._today())
        with self.assertRaisesRegex(UserError, "is not over yet"):
            self._hand_over(archive)

    def test_sent_back_it_is_filed_on(self):
        self._leave()
        archive = self._make_archive()
        self._hand_over(archive)
        service = archive.with_user(self.service)
        with self.assertRaisesRegex(UserError, "Say what is to be done"):
            service.action_send_back(" ")
        service.action_send_back("The slip of March 10 is missing")
        self.assertEqual(archive.state, "open")
        self.assertIn("March 10", " ".join(archive.message_ids.mapped("body")))

    def test_accepting_asks_why_and_what_is_missing(self):
        self._leave()
        archive = self._make_archive()
        self._hand_over(archive)
        lines = archive.line_ids.with_user(self.service)
        with self.assertRaisesRegex(UserError, "Say why"):
            lines.action_accept("")
        lines.sudo().write(
            {"is_filed": True, "advice_state": "there", "receipt_state": "there"}
        )
        with self.assertRaisesRegex(UserError, "Nothing is missing"):
            lines.action_accept("Lost")

    def test_nobody_writes_ticks_and_states_by_hand(self):
        self._leave()
        archive = self._make_archive()
        for record, vals in (
            (archive, {"state": "signed"}),
            (archive, {"number": "AR-1"}),
            (archive, {"due_on": "2099-01-01"}),
            (archive.line_ids, {"is_filed": True}),
            (archive.line_ids, {"receipt_state": "there"}),
            (archive.line_ids, {"missing": False}),
            (archive.line_ids, {"accepted_reason": "Lost"}),
        ):
            with self.assertRaises(AccessError):
                record.write(vals)

    def test_strangers_see_nothing(self):
        archive = self._make_archive()
        with self.assertRaises(AccessError):
            archive.with_user(self.stranger).read(["state"])

    def test_dialogs_accept_and_send_back(self):
        self._leave()
        archive = self._make_archive()
        self._hand_over(archive)
        service = archive.with_user(self.service)
        for action in (
            service.line_ids.action_open_accept(),
            service.action_open_send_back(),
        ):
            dialog = self.env[action["res_model"]].with_user(self.service)
            dialog = dialog.with_context(**action["context"])
            dialog.create({"reason": "Lost"}).action_confirm()
        self.assertEqual(archive.line_ids.accepted_reason, "Lost")
        self.assertEqual(archive.state, "open")

    # ------------------------------------------------------------- by itself

    @freeze_time("2026-04-01 04:00:00")
    def test_it_is_made_on_the_first_working_day(self):
        self._leave()
        archives = self.env["order.desk.archive"]
        self._run_cron()
        archive = archives.search([("company_id", "=", self.env.company.id)])
        self.assertRecordValues(archive, [{"month": MARCH, "state": "open"}])
        self._run_cron()
        self.assertEqual(
            archives.search_count([("company_id", "=", self.env.company.id)]), 1
        )

    @freeze_time("2026-03-01 04:00:00")
    def test_it_is_not_made_on_a_sunday(self):
        self._leave("2026-02-10 08:00:00")
        archives = self.env["order.desk.archive"]
        self._run_cron()
        self.assertFalse(archives.search([("company_id", "=", self.env.company.id)]))

    @freeze_time("2026-04-01 04:00:00")
    def test_a_company_that_shipped_nothing_gets_none(self):
        archives = self.env["order.desk.archive"]
        self._run_cron()
        self.assertFalse(archives.search([("company_id", "=", self.env.company.id)]))

    @freeze_time("2026-04-01 04:00:00")
    def test_a_company_in_trouble_stops_no_other(self):
        self._leave()
        troubled = self.env["res.company"].create({"name": "Test troubled"})
        archives = self.env["order.desk.archive"]
        get_moves = type(archives)._get_moves

        def get_or_fail(archive):
            if archive.company_id == troubled:
                raise ValueError("a broken transfer")
            return get_moves(archive)

        self.patch(type(archives), "_get_moves", get_or_fail)
        with self.assertLogs("odoo.addons.order_desk.models.ir_cron", "ERROR") as log:
            self._run_cron()
        self.assertIn(f"res.company({troubled.id},) cannot be followed", log.output[0])
        self.assertTrue(archives.search([("company_id", "=", self.env.company.id)]))

    def test_reminders_follow_the_archive(self):
        self._leave()
        archive = self._make_archive()
        todo = archive.activity_ids
        self.assertRecordValues(
            todo,
            [{"user_id": self.sales_admin.id, "date_deadline": date(2026, 4, 7)}],
        )
        self.roles["customer_service"].superior_id = self.manager
        self._hand_over(archive)
        # it is late, so the superior is told as well
        self.assertEqual(archive.activity_ids.user_id, self.service | self.manager)
        service = archive.with_user(self.service)
        service.line_ids.action_accept("Lost")
        service.action_sign_off()
        self.assertFalse(archive.activity_ids)

    def test_overdue_archives_are_found(self):
        archive = self._make_archive()
        archives = self.env["order.desk.archive"]
        self.assertTrue(archive.is_overdue)
        self.assertIn(archive, archives.search([("is_overdue", "=", True)]))
        self.assertNotIn(archive, archives.search([("is_overdue", "=", False)]))

    def test_it_is_found_by_order_and_transfer(self):
        picking = self._leave()
        archive = self._make_archive()
        for value in (picking.name, picking.sale_id.name):
            found = self.env["order.desk.archive"].search(
                [
                    "|",
                    ("line_ids.order_names", "ilike", value),
                    ("line_ids.picking_id", "ilike", value),
                ]
            )
            self.assertEqual(found, archive)

    def test_list_is_printed(self):
        picking = self._leave()
        archive = self._make_archive()
        archive.line_ids.note = "Folder 3"
        html = self.env["ir.actions.report"].with_user(self.sales_admin)
        html = html._render_qweb_html(
            "order_desk_delivery.report_archive", archive.ids
        )[0].decode()
        for text in (picking.name, "Folder 3", "missing", self.customer.name):
            self.assertIn(text, html)

    def test_shipments_are_read_in_few_queries(self):
        def count(days):
            for day in days:
                self._leave(datetime(2026, 3, day, 8).isoformat(" "))
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            moves = self.env["order.desk.archive"].new({"month": MARCH})._get_moves()
            moves._prepare_archive_lines()
            return self.env.cr.sql_log_count - before

        few = count((2, 3))
        self.assertLessEqual(count((4, 5, 6, 7)) - few, 4)
