from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, new_test_user, tagged

from odoo.addons.order_desk.tests.common import PNG

from .common import OrderDeskMrpCommon


class IncidentCommon(OrderDeskMrpCommon):
    """A released order, and a worker who sees something go wrong."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.roles["sales_admin"].deadline_hours = 2
        cls.incidents = cls.env["order.desk.incident"]

    @classmethod
    def _report(cls, sheet=None, user=None, **values):
        """Let a worker report an incident on the first order made for ``sheet``."""
        vals = {"name": "Casting cracked", "kind": "quality", **values}
        if sheet:
            vals["production_id"] = cls._get_productions(sheet)[:1].id
        return cls.incidents.with_user(user or cls.worker).create(vals)

    @classmethod
    def _released(cls, **vals):
        return cls._make_at("released", **vals)

    @classmethod
    def _plan(cls, incidents, user=None, **values):
        incidents.with_user(user or cls.sales_admin).action_plan(
            **{"plan": "Cast a new one", "until": cls._soon(2), **values}
        )

    @classmethod
    def _get_condition(cls, sheet, gate):
        """Return what the gate of this order says about incidents, if anything."""
        sheet.env.invalidate_all()
        conditions = sheet.order_id._get_gate_conditions(gate)[sheet.order_id]
        return next((c for c in conditions if c["code"] == "incident"), None)

    @classmethod
    def _get_told(cls, incident):
        """Return who got a message of their own about this incident."""
        messages = cls.env["mail.message"].search(
            [
                ("model", "=", "order.desk.incident"),
                ("res_id", "=", incident.id),
                ("message_type", "=", "user_notification"),
            ]
        )
        return messages.mapped("partner_ids.user_ids")

    def _get_todo_people(self, incident):
        return incident.sudo().activity_ids.user_id


@tagged("post_install", "-at_install")
class TestIncident(IncidentCommon):
    # ------------------------------------------------------------- raising

    def test_incident_of_a_manufacturing_order_knows_its_order(self):
        sheet = self._released()
        incident = self._report(sheet)
        self.assertRecordValues(
            incident.sudo(),
            [
                {
                    "sheet_id": sheet.id,
                    "order_code": sheet.order_code,
                    "company_id": sheet.company_id.id,
                    "reporter_id": self.worker.id,
                    "state": "open",
                    "gate": "shipping",
                }
            ],
        )
        self.assertTrue(incident.number.startswith("IN"))

    def test_whole_chain_is_told_at_once(self):
        sheet = self._released()
        incident = self._report(sheet)
        self.assertEqual(incident.owner_id, self.sales_admin)
        self.assertEqual(self._get_todo_people(incident), self.sales_admin)
        people = self.salesperson | self.service | self.marketing
        self.assertEqual(self._get_told(incident), people | self.sales_admin)

    def test_everybody_gets_one_message(self):
        incident = self._report(self._released())
        messages = self.env["mail.message"].search(
            [
                ("model", "=", "order.desk.incident"),
                ("res_id", "=", incident.id),
                ("message_type", "=", "user_notification"),
            ]
        )
        people = self.salesperson | self.service | self.marketing | self.sales_admin
        self.assertCountEqual(
            [partner for m in messages for partner in m.partner_ids.ids],
            people.partner_id.ids,
        )

    def test_reporter_and_chain_follow(self):
        incident = self._report(self._released())
        people = self.worker | self.sales_admin | self.salesperson | self.service
        self.assertEqual(
            incident.sudo().message_partner_ids & people.partner_id, people.partner_id
        )

    def test_owner_has_the_hours_of_the_role(self):
        with freeze_time("2026-03-02 01:00:00"):  # Monday morning in Shanghai
            incident = self._report()
            due = self.env.company._order_desk_plan_hours(2)
            self.assertEqual(incident.due_on, due)

    def test_messages_name_the_code_and_not_the_customer(self):
        sheet = self._released()
        self.env.company.hide_customer_name = True
        incident = self._report(sheet)
        bodies = " ".join(incident.sudo().message_ids.mapped("body"))
        bodies += " ".join(incident.sudo()._get_facts())
        self.assertIn(sheet.customer_code, bodies)
        self.assertNotIn(self.customer.name, bodies)

    def test_order_is_found_by_the_code_on_its_papers(self):
        sheet = self._released()
        incident = self._report(user=self.stranger, order_code=sheet.order_code)
        self.assertEqual(incident.sudo().sheet_id, sheet)

    def test_code_typed_into_the_dialog_proposes_what_waits(self):
        sheet = self._released()
        view = "order_desk_mrp.order_desk_incident_view_form_raise"
        with Form(self.incidents.with_user(self.stranger), view) as form:
            form.name = "Crack"
            form.kind = "quality"
            form.order_code = sheet.order_code
            self.assertEqual(form.gate, "shipping")
        self.assertEqual(form.record.sudo().sheet_id, sheet)
        self.assertEqual(form.record.gate, "shipping")

    def test_unknown_order_code_is_refused_with_the_remedy(self):
        with self.assertRaises(ValidationError) as caught:
            self._report(user=self.stranger, order_code="no such code")
        self.assertIn("no such code", str(caught.exception))

    def test_empty_text_is_refused(self):
        with self.assertRaises(ValidationError):
            self._report(name="  ")

    def test_without_an_order_the_sales_admin_assigns_it(self):
        sheet = self._released()
        incident = self._report(user=self.stranger)
        self.assertEqual(incident.owner_id, self.sales_admin)
        self.assertNotIn(self.salesperson, self._get_told(incident))
        incident.with_user(self.sales_admin).order_code = sheet.order_code
        self.assertEqual(incident.sudo().sheet_id, sheet)
        self.assertEqual(incident.gate, "shipping")
        self.assertIn(self.salesperson, self._get_told(incident))
        self.assertTrue(self._get_condition(sheet, "shipping"))

    def test_plain_manufacturing_order_goes_to_the_production_manager(self):
        production = self.env["mrp.production"].create(
            {"product_id": self.rotor.id, "product_qty": 3}
        )
        incident = self._report(production_id=production.id)
        self.assertFalse(incident.sudo().sheet_id)
        self.assertEqual(incident.owner_id, self.production)
        self.assertFalse(incident.gate)
        self.assertNotIn(self.service, self._get_told(incident))

    def test_without_a_sales_admin_the_clerk_is_asked(self):
        self.roles["sales_admin"].user_ids = False
        incident = self._report(self._released())
        self.assertEqual(incident.owner_id, self.clerk)
        self.assertIn(self.service, self._get_told(incident))

    def test_where_nobody_is_named_it_is_reported_anyway(self):
        for code in (
            "sales_admin",
            "customer_service_supervisor",
            "marketing_director",
        ):
            self.roles[code].active = False
        incident = self._report(user=self.stranger)
        self.assertFalse(incident.owner_id)
        self.assertTrue(incident.number)

    def test_incident_before_the_release_holds_production_up(self):
        sheet = self._make_at("confirming")
        incident = sheet._raise_incident("material", "No steel")
        self.assertEqual(incident.gate, "production")

    def test_other_incident_holds_nothing_up(self):
        incident = self._report(self._released(), kind="other")
        self.assertFalse(incident.gate)

    def test_documents_raise_incidents_for_people_without_rights(self):
        sheet = self._released()
        incident = sheet.with_user(self.inspector)._raise_incident(
            "quality", "Paint peels", "On all of them", quantity=4, gate="shipping"
        )
        self.assertRecordValues(
            incident.sudo(),
            [
                {
                    "reporter_id": self.inspector.id,
                    "sheet_id": sheet.id,
                    "description": "On all of them",
                    "quantity": 4,
                }
            ],
        )
        self.assertFalse(incident.env.su)

    def test_many_are_reported_at_once(self):
        sheets = self._bring_to(self._make_sheet() | self._make_sheet(), "released")
        incidents = self.incidents.with_user(self.worker).create(
            [
                {"name": "Crack", "production_id": self._get_productions(sheet)[:1].id}
                for sheet in sheets
            ]
        )
        self.assertEqual(incidents.sudo().sheet_id, sheets)
        self.assertEqual(len(set(incidents.mapped("number"))), 2)

    def test_photo_is_seen_by_those_who_are_told(self):
        file = (
            self.env["ir.attachment"]
            .with_user(self.worker)
            .create({"name": "crack.png", "raw": PNG})
        )
        incident = self._report(self._released(), attachment_ids=[(4, file.id)])
        self.assertEqual(incident.photo_id, file)
        self.assertEqual(file.with_user(self.marketing).raw, PNG)

    def test_empty_photo_is_refused(self):
        file = (
            self.env["ir.attachment"]
            .with_user(self.worker)
            .create({"name": "crack.png", "raw": b""})
        )
        with self.assertRaises(UserError):
            self._report(attachment_ids=[(4, file.id)])

    def test_dialog_knows_where_it_was_opened(self):
        sheet = self._released()
        production = self._get_productions(sheet)[:1].with_user(self.worker)
        action = production.action_raise_incident()
        model = self.incidents.with_user(self.worker).with_context(**action["context"])
        with Form(model, "order_desk_mrp.order_desk_incident_view_form_raise") as form:
            form.name = "Crack"
            form.kind = "quality"
            self.assertEqual(form.order_code, sheet.order_code)
        self.assertEqual(form.record.sudo().sheet_id, sheet)

    def test_work_order_leads_to_its_manufacturing_order(self):
        production = self._get_productions(self._released())[:1]
        workorder = production.workorder_ids[:1].with_user(self.worker)
        action = workorder.action_raise_incident()
        self.assertEqual(action["context"]["default_production_id"], production.id)
        incident = self._report(workorder_id=workorder.id)
        self.assertEqual(incident.production_id, production)

    def test_other_order_than_that_of_the_manufacturing_order_is_refused(self):
        sheet, other = self._released(), self._released()
        with self.assertRaises(ValidationError):
            self._report(sheet, order_code=other.order_code)

    # ------------------------------------------------------------- the gates

    def test_open_incident_closes_its_gate_until_it_is_solved(self):
        sheet = self._released()
        self.assertIsNone(self._get_condition(sheet, "shipping"))
        incident = self._report(sheet)
        condition = self._get_condition(sheet, "shipping")
        self.assertFalse(condition["holds"])
        self.assertIn(incident.number, condition["reason"])
        self.assertEqual(condition["actor"], self.sales_admin.name)
        self.assertIsNone(self._get_condition(sheet, "production"))
        incident.with_user(self.sales_admin).action_solve("solved", "Recast")
        self.assertIsNone(self._get_condition(sheet, "shipping"))

    def test_nothing_leaves_while_an_incident_is_open(self):
        sheet = self._released()
        self._report(sheet)
        self._put_in_stock(self.pump, 10)
        picking = sheet.order_id.picking_ids.filtered(
            lambda p: p.picking_type_code == "outgoing"
        )
        picking.move_ids.quantity = 10
        picking.move_ids.picked = True
        with self.assertRaises(UserError) as caught:
            picking.button_validate()
        self.assertIn("Casting cracked", str(caught.exception))

    def test_order_is_not_released_while_production_is_held_up(self):
        sheet = self._make_at("coding")
        incident = sheet._raise_incident("production", "Line stands still")
        self._code(sheet)
        self._confirm(sheet)
        with self.assertRaises(UserError):
            sheet.with_user(self.clerk).action_release()
        incident.with_user(self.sales_admin).action_solve("solved", "Running")
        sheet.with_user(self.clerk).action_release()
        self.assertEqual(sheet.state, "released")

    def test_further_procurement_waits_and_goes_on(self):
        sheet = self._released()
        incident = sheet._raise_incident("material", "No steel")
        self.assertIn(sheet.order_id, sheet.order_id._get_order_desk_held())
        incident.with_user(self.sales_admin).action_solve("solved", "Steel is there")
        self.assertFalse(sheet.order_id._get_order_desk_held())

    def test_owner_decides_what_waits(self):
        sheet = self._released()
        incident = self._report(sheet)
        incident.with_user(self.sales_admin).gate = False
        self.assertIsNone(self._get_condition(sheet, "shipping"))

    def test_reporter_does_not_open_the_gate(self):
        incident = self._report(self._released())
        for name, value in (("gate", False), ("kind", "other"), ("order_code", False)):
            with self.subTest(name), self.assertRaises(AccessError):
                incident.with_user(self.worker).write({name: value})

    def test_condition_can_be_waived_until_another_incident_comes(self):
        sheet = self._released()
        with freeze_time(fields.Datetime.now() - timedelta(minutes=5)):
            incident = self._report(sheet)
        sheet.with_user(self.manager).action_waive(
            "shipping", "incident", "Needed", "A new casting", self._soon(5)
        )
        self.assertTrue(self._get_condition(sheet, "shipping")["holds"])
        with freeze_time(fields.Datetime.now() + timedelta(minutes=5)):
            other = self._report(sheet, name="Paint peels")
        condition = self._get_condition(sheet, "shipping")
        self.assertFalse(condition["holds"])
        self.assertIn("Paint peels", condition["reason"])
        (incident | other).with_user(self.sales_admin).action_solve("solved", "Done")
        self.assertEqual(sheet.waiver_ids.state, "made_good")

    def test_condition_leads_to_the_incident(self):
        sheet = self._released()
        incident = self._report(sheet)
        action = sheet.with_user(self.clerk).action_open_condition("incident")
        self.assertEqual(action["res_id"], incident.id)

    # ------------------------------------------------------------- who may

    def test_stranger_reads_only_what_they_reported(self):
        own = self._report(user=self.stranger)
        other = self._report(self._released())
        found = self.incidents.with_user(self.stranger).search([])
        self.assertIn(own, found)
        self.assertNotIn(other, found)

    def test_salesperson_reads_own_orders_alone(self):
        incident = self._report(self._released())
        sheet = self._released()
        sheet.order_id.user_id = self.clerk
        other = self._report(sheet)
        found = self.incidents.with_user(self.salesperson).search([])
        self.assertIn(incident, found)
        self.assertNotIn(other, found)

    def test_shop_floor_does_not_read_whose_order_it_is(self):
        incident = self._report(self._released())
        with self.assertRaises(AccessError):
            incident.with_user(self.worker).read(["sheet_id"])

    def test_authority_is_not_written_by_hand(self):
        incident = self._report(self._released())
        for name, value in (
            ("state", "solved"),
            ("owner_id", self.worker.id),
            ("taken_on", fields.Datetime.now()),
            ("plan", "None"),
            ("informed_on", fields.Datetime.now()),
            ("outcome", "Fine"),
            ("due_on", fields.Datetime.now()),
            ("number", "IN1"),
        ):
            with self.subTest(name), self.assertRaises(AccessError):
                incident.with_user(self.sales_admin).write({name: value})

    def test_new_incident_is_open_whatever_the_client_sends(self):
        with self.assertRaises(AccessError):
            self._report(state="solved")
        context = {"default_state": "solved", "default_reporter_id": self.clerk.id}
        incident = (
            self.incidents.with_user(self.worker)
            .with_context(**context)
            .create({"name": "Crack"})
        )
        self.assertEqual(incident.state, "open")
        self.assertEqual(incident.reporter_id, self.worker)

    def test_only_the_chain_deals_with_it(self):
        incident = self._report(self._released()).with_user(self.worker)
        for action in (
            incident.action_take,
            lambda: incident.action_plan("Wait", until=self._soon()),
            lambda: incident.action_solve("solved", "Fine"),
            incident.action_inform,
            lambda: incident.action_informed_by_phone("Mr Customer"),
        ):
            with self.assertRaises(AccessError):
                action()

    def test_incident_is_never_deleted_nor_duplicated(self):
        incident = self._report()
        with self.assertRaises(UserError):
            incident.sudo().unlink()
        with self.assertRaises(UserError):
            incident.copy()

    def test_other_company_does_not_read_it(self):
        incident = self._report()
        company = self.env["res.company"].create({"name": "Other factory"})
        stranger = self.worker.copy(
            {"company_id": company.id, "company_ids": [(6, 0, company.ids)]}
        )
        self.assertFalse(incident.with_user(stranger).has_access("read"))

    def test_each_company_numbers_by_itself(self):
        company = self.env["res.company"].create({"name": "Other factory"})
        self.worker.company_ids += company
        incident = (
            self.incidents.with_user(self.worker)
            .with_company(company)
            .create({"name": "Roof leaks"})
        )
        self.assertEqual(incident.company_id, company)
        self.assertTrue(incident.number.endswith("0001"))

    # ------------------------------------------------------------- photos, leavers

    def test_files_of_others_are_not_attached(self):
        secret = (
            self.env["ir.attachment"]
            .with_user(self.manager)
            .create({"name": "secret.png", "raw": PNG})
        )
        stranger = new_test_user(self.env, login="odm_x", groups="base.group_user")
        with self.assertRaises(AccessError):
            self._report(user=stranger, attachment_ids=[Command.link(secret.id)])

    def test_a_follower_does_not_change_photos(self):
        incident = self._report(self._released())
        stranger = new_test_user(self.env, login="odm_x", groups="base.group_user")
        incident.message_subscribe(stranger.partner_id.ids)
        file = (
            self.env["ir.attachment"]
            .with_user(stranger)
            .create({"name": "x.png", "raw": PNG})
        )
        with self.assertRaises(UserError):
            incident.with_user(stranger).attachment_ids = [Command.link(file.id)]

    def test_photos_stay_once_it_is_solved(self):
        file = (
            self.env["ir.attachment"]
            .with_user(self.worker)
            .create({"name": "crack.png", "raw": PNG})
        )
        incident = self._report(self._released(), attachment_ids=[(4, file.id)])
        incident.with_user(self.sales_admin).action_solve("solved", "Done")
        with self.assertRaises(UserError):
            incident.with_user(self.worker).attachment_ids = [Command.clear()]

    def test_an_archived_clerk_is_not_asked(self):
        sheet = self._released()
        self.roles["sales_admin"].active = False
        clerk = sheet.clerk_id or sheet.user_id
        other = new_test_user(
            self.env, login="odm_c", groups="order_desk.group_order_desk_clerk"
        )
        sheet.sudo().clerk_id = other
        other.active = False
        sheet.sudo().order_id.user_id = clerk
        incident = self._report(sheet)
        self.assertTrue(self._get_todo_people(incident))
        self.assertTrue(incident.sudo().owner_id.active)

    def test_who_left_does_not_agree(self):
        sheet = self._released()
        incident = self._report(sheet)
        self._plan(incident)
        sheet.sudo().user_id.active = False
        incident.sudo()._update_todos()
        self.assertNotIn(sheet.sudo().user_id, self._get_todo_people(incident))
