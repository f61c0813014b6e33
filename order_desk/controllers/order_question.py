from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.portal.controllers.portal import pager as portal_pager

from .portal import OrderDeskPortal

MODEL = "order.desk.clarification"


class OrderQuestionPortal(OrderDeskPortal):
    """Questions about orders: the customer reads and answers them (SPEC A3)."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "order_question_open_count" in counters:
            values["order_question_open_count"] = self._count_order_questions(
                [("state", "=", "open")]
            )
        if "order_question_count" in counters:
            values["order_question_count"] = self._count_order_questions([])
        return values

    def _prepare_order_questions_domain(self):
        """Return the questions of the visitor's company, also for colleagues."""
        customer = request.env.user.commercial_partner_id
        return [
            ("asked_of", "=", "customer"),
            ("customer_id", "=", customer.id),
        ]

    def _count_order_questions(self, domain):
        questions = request.env[MODEL]
        if not questions.has_access("read"):
            return 0
        return questions.search_count(self._prepare_order_questions_domain() + domain)

    @http.route(
        ["/my/order-questions", "/my/order-questions/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
    )
    def portal_order_questions(self, page=1, **_kwargs):
        """List the questions, the open ones first."""
        questions = request.env[MODEL]
        pager = portal_pager(
            url="/my/order-questions",
            total=self._count_order_questions([]),
            page=page,
            step=self._items_per_page,
        )
        if questions.has_access("read"):
            questions = questions.search(
                self._prepare_order_questions_domain(),
                order="answered_on desc, id desc",
                limit=self._items_per_page,
                offset=pager["offset"],
            )
        values = self._prepare_portal_layout_values()
        # what the visitor may read is read; names of orders and lines come along
        values |= {
            "questions": questions.sudo(),
            "pager": pager,
            "page_name": "order_questions",
            "default_url": "/my/order-questions",
        }
        return request.render("order_desk.portal_order_questions", values)

    @http.route(
        "/my/order-questions/<int(max=2147483647):question_id>",
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
    )
    def portal_order_question(self, question_id, access_token=None, **_kwargs):
        """Show a question, and the form for its answer."""
        question_sudo, partner_sudo = self._order_desk_get_document(
            MODEL, question_id, access_token
        )
        return self._render_order_question(question_sudo, partner_sudo, access_token)

    @http.route(
        "/my/order-questions/<int(max=2147483647):question_id>",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
    )
    def portal_order_question_answer(
        self, question_id, access_token=None, answer="", **_kwargs
    ):
        """Take the answer; what was typed stays when something is wrong."""
        question_sudo, partner_sudo = self._order_desk_get_document(
            MODEL, question_id, access_token
        )
        try:
            self._order_desk_check_visitor()
            files = self._order_desk_read_files(
                request.httprequest.files.getlist("files")
            )
            with request.env.cr.savepoint():
                question_sudo._answer_in_portal(partner_sudo, answer, files)
        except UserError as error:
            return self._render_order_question(
                question_sudo,
                partner_sudo,
                access_token,
                error=str(error),
                answer=answer,
            )
        return request.redirect(
            self._order_desk_get_page_url(question_sudo, access_token)
        )

    def _render_order_question(
        self, question_sudo, partner_sudo, access_token, **values
    ):
        return request.render(
            "order_desk.portal_order_question",
            {
                "question": question_sudo,
                "partner": partner_sudo,
                "access_token": access_token,
                "page_name": "order_questions",
                "no_breadcrumbs": request.env.user._is_public(),
                "is_internal": request.env.user._is_internal(),
                **values,
            },
        )
