import re

from odoo import api, models

# how mail programs that send no header name an answer nobody has typed
AUTO_REPLY_SUBJECT = re.compile(
    r"^\s*((re|aw|回复|回覆|答复)\s*[:：]\s*)*"
    r"(auto(matic)?[ -]?(reply|response)|out of (the )?office|abwesen"
    r"|(系统)?自动(回复|答复)|(系統)?自動(回覆|回復|答覆))",
    re.IGNORECASE,
)


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    def _message_route_process(self, message, message_dict, routes):
        """Let the document know when no person has written this e-mail."""
        if self._order_desk_is_auto_reply(message):
            # a clarification does not take such a message for the answer
            self = self.with_context(order_desk_auto_reply=True)
        return super()._message_route_process(message, message_dict, routes)

    @api.model
    def _order_desk_is_auto_reply(self, message):
        """Tell whether a mail program has answered by itself (RFC 3834)."""
        submitted = str(message.get("Auto-Submitted") or "no").strip().lower()
        precedence = str(message.get("Precedence") or "").strip().lower()
        return bool(
            not submitted.startswith("no")
            or precedence in ("auto_reply", "bulk", "junk")
            or message.get("X-Autoreply")
            or message.get("X-Autorespond")
            or AUTO_REPLY_SUBJECT.match(str(message.get("Subject") or ""))
        )
