from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from odoo.addons.order_desk.quantity import format_quantity

from .order_desk_sheet_material import MATERIAL_STATES

SIGN_TYPE = "order_desk_mrp.mail_activity_type_sign_material"
ALERT_TYPE = "order_desk_mrp.mail_activity_type_material_alert"
AT_ONCE = 20  # sheets in one transaction of the scheduler


class OrderDeskMaterialStatement(models.Model):
    """Who has to act on a statement, and what has got worse since (SPEC B6, J2)."""

    _inherit = "order.desk.material.statement"

    # ------------------------------------------------------------- to-dos

    def _get_todos(self):
        todos = {}
        open_ones = self.filtered(
            lambda statement: statement.sheet_id._takes_material_statement()
        )
        to_sign = open_ones.sheet_id._get_roles_to_sign()
        material = open_ones.sheet_id._get_material_roles()
        for statement in open_ones:
            roles = material[statement.company_id]
            if statement._awaits_purchasing():
                buying = statement._get_purchasing_roles()
                todos.update(statement._get_role_todos(SIGN_TYPE, buying))
            elif statement.state == "draft":
                # while the sheet waits for the signature, its own to-do says so
                waiting = roles & to_sign[statement.sheet_id]
                todos.update(statement._get_role_todos(SIGN_TYPE, roles - waiting))
            elif statement.state == "signed" and statement.alert:
                todos.update(statement._get_role_todos(ALERT_TYPE, roles))
                clerk = statement.clerk_id
                if clerk:
                    todos[statement, ALERT_TYPE, clerk] = statement._get_todo_values(
                        ALERT_TYPE, clerk, 8.0
                    )
        return todos

    def _get_role_todos(self, type_xmlid, roles):
        self.ensure_one()
        return {
            (self, type_xmlid, user): self._get_todo_values(
                type_xmlid, user, role.deadline_hours
            )
            for role in roles
            for user in role._get_signers(self.sheet_id)
        }

    def _get_todo_values(self, type_xmlid, user, hours):
        """Return summary and deadline, in the language of who has to do it."""
        self.ensure_one()
        company = self.company_id
        env = self.with_context(lang=user.lang).env
        is_alert = type_xmlid == ALERT_TYPE
        start = self.alerted_on if is_alert else self.read_on
        return {
            "summary": env._("The material has got worse than was signed")
            if is_alert
            else env._("Sign the material statement"),
            "date_deadline": company._order_desk_date(
                company._order_desk_plan_hours(hours, start)
            ),
        }

    def _get_hint(self):
        """Return what the dialog shows before material control signs."""
        self.ensure_one()
        lines = [self._get_signature_text()]
        if self.problem and not self.is_impossible:
            lines.append(self.problem)
        lines += [
            f"• {line._get_text()}"
            for line in self.line_ids.filtered(
                lambda line: line.status in ("missing", "late", "unknown")
            )[:8]
        ]
        return "\n".join([*lines, self._get_unsigned_error()]).strip()

    # ------------------------------------------------------------- alerts

    @api.model
    def _cron_follow(self):
        """Look at the material of what is signed and not made yet, day by day.

        A run that starts twice finds the same.
        """
        stated = Domain("state", "in", MATERIAL_STATES) & Domain(
            "material_statement_ids.state", "in", ("draft", "signed")
        )
        # orders that were being countersigned when the module came have none yet
        sheets = self.env["order.desk.sheet"].search(
            stated | Domain("state", "=", "countersign")
        )
        self.env["ir.cron"]._order_desk_follow(
            sheets, lambda found: found._follow_statements(), AT_ONCE, lock=False
        )

    def _follow(self):
        """Raise or clear the alerts of the signed ones among these statements."""
        signed = self.filtered(lambda statement: statement.state == "signed")
        made = signed.sheet_id._filter_made()
        open_ones = signed.filtered(lambda s: s.sheet_id not in made)
        plans = self.env["order.desk.material.plan"]._get_plans(open_ones.sheet_id)
        for statement in signed:
            worse = []
            if statement in open_ones:
                worse = statement._get_worse(plans[statement.sheet_id])
            statement._set_alert(worse)

    def _get_worse(self, plan):
        """Return in words what is worse today than what was signed."""
        self.ensure_one()
        worse = []
        if self.is_expired and self.sheet_id.state != "released":
            worse.append(
                self.env._("It held until %s.", format_date(self.env, self.valid_until))
            )
        lines = {line.product_id: line for line in self.line_ids}
        for product, need in plan.needs.items():
            if need.bom or not product.is_storable:
                continue
            line = lines.get(product, self.line_ids.browse())
            if text := self._get_worse_text(product, need.supply, line):
                worse.append(text)
        return worse

    def _get_worse_text(self, product, supply, line):
        """Return how a material is worse off than on its signed line, or "".

        Odoo's own figure of then counts as well: who corrected it knew it.
        """
        missing = supply["missing"]
        stated = max(line.missing_qty, line.expected_missing_qty) if line else 0.0
        values = {
            "product": product.display_name,
            "missing": format_quantity(missing, product.uom_id),
        }
        if product.uom_id.compare(missing, stated) > 0:
            return self.env._(
                "%(product)s: %(missing)s missing instead of %(stated)s.",
                stated=format_quantity(stated),
                **values,
            )
        today = self.company_id._order_desk_date()
        if product.uom_id.compare(missing, 0) > 0:
            if line.expected_date and line.expected_date < today:
                return self.env._(
                    "%(product)s: %(missing)s were expected on %(date)s and"
                    " are not there.",
                    date=format_date(self.env, line.expected_date),
                    **values,
                )
            return ""
        if line and not (line.expected_date and line.earliest_date):
            return ""  # nobody knew when it comes; now somebody does
        expected = max(line.expected_date, line.earliest_date) if line else today
        if supply["date"] > expected:
            return self.env._(
                "%(product)s: comes on %(date)s instead of %(expected)s.",
                date=format_date(self.env, supply["date"]),
                expected=format_date(self.env, expected),
                **values,
            )
        return ""

    def _set_alert(self, texts):
        """Note what is worse, and tell people when that is news to them."""
        self.ensure_one()
        alert = "\n".join(texts) or False
        if alert == self.alert:
            return
        news = bool(alert) and not self.alert
        self.write(
            {
                "alert": alert,
                "alerted_on": (self.alerted_on or fields.Datetime.now())
                if alert
                else False,
            }
        )
        if alert:
            title = self.env._("%s: the material has got worse.", self.name)
            self._tell(title, *texts)
        else:
            self._tell(self.env._("%s: the material is as it was signed.", self.name))
        if news or not alert:
            self._update_todos()
