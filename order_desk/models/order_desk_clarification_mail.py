import re

from lxml import html

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import html2plaintext, plaintext2html

# where the mail one answers to begins, in the words of common mail programs
QUOTE_STARTS = re.compile(
    r"^\s*("
    r"-{2,}\s*(original( message)?|原始邮件|原始郵件|原邮件|ursprüngliche nachricht)"
    r"|_{10,}\s*$"
    r"|on .{8,200}\n?.{0,100}\bwrote:\s*$|am .{8,200}\n?.{0,100}\bschrieb .{1,200}:\s*$"
    r"|.{0,200}(写道|寫道)\s*[:：]\s*$"
    r"|(from|发件人|寄件者|寄件人|von)\s*[:：].{0,200}\n+\s*\**"
    r"(sent|date|to|发送时间|发送日期|收件人|日期|寄件日期|gesendet)\s*\**\s*[:：]"
    r")",
    re.IGNORECASE | re.MULTILINE,
)


class OrderDeskClarification(models.Model):
    """Questions by e-mail; the reply, or an answer in the portal, settles them."""

    _inherit = "order.desk.clarification"

    def _get_mail_button_title(self):
        return self.env._("Answer")

    def _message_post_after_hook(self, message, msg_values):
        result = super()._message_post_after_hook(message, msg_values)
        question = self.sudo()  # whoever was asked need not have rights of their own
        if question._is_answer(message):
            answer = question._get_answer_text(message)
            # who else is at it right now settles it; the message is there anyway
            if answer and question.try_lock_for_update():
                # the answer is for colleagues, not for whose language the mail was in
                question.with_context(lang=question.user_id.lang)._record_answer(
                    answer, message.author_id, files=message.attachment_ids
                )
        return result

    def _is_answer(self, message):
        """Tell whether this message comes from whoever was asked, and is no machine's.

        Of a colleague only an e-mail counts: in the chatter people also discuss.
        """
        self.ensure_one()
        author = message.author_id
        if (
            self.state != "open"
            or self.sheet_id.state in ("done", "cancel")
            or not author
            or message.message_type not in ("email", "comment")
            or not self._is_own_word(author)
            # a mail program has answered, see mail.thread
            or self.env.context.get("order_desk_auto_reply")
        ):
            return False
        if self.asked_of == "customer":
            internal = any(user._is_internal() for user in author.user_ids)
            return not internal and self._belongs_to_customer(author)
        return message.message_type == "email" and author == self.user_id.partner_id

    def _is_own_word(self, author):
        """Tell whether nobody who is logged in posts in the name of somebody else.

        The mail gateway posts as superuser, the page of a link as the public user.
        """
        user = self.env.user
        return user._is_superuser() or user._is_public() or author == user.partner_id

    def _get_answer_text(self, message):
        """Return what was written, without what the mail program has added."""
        text = (
            self._strip_quotes(message.body)
            if message.message_type == "email"
            else html2plaintext(message.body or "").strip()  # typed here, all of it
        )
        files = message.attachment_ids.mapped("name")
        if not text and files:
            return self.env._("See the files: %s", ", ".join(files))
        return text

    def _strip_quotes(self, body):
        """Return the text of a mail without signature and quoted mail."""
        if not body:
            return ""
        tree = html.fragment_fromstring(str(body), create_parent="div")
        for node in tree.xpath("//*[@data-o-mail-quote]"):
            node.drop_tree()
        text = html2plaintext(
            html.tostring(tree, encoding="unicode"), include_references=False
        )
        start = QUOTE_STARTS.search(text)
        return (text[: start.start()] if start else text).strip()

    def _answer_in_portal(self, partner, answer, files=()):
        """Take what ``partner`` has entered on the page of this question.

        :param files: ``[(name, content)]``, checked already
        :raise UserError: nothing to say, or nothing to answer any more
        """
        self.ensure_one()
        self._lock()
        self._check_states("open")
        answer = str(answer or "").strip()
        if not answer and not files:
            raise UserError(self.env._("Please write your answer."))
        message = self.message_post(
            body=plaintext2html(answer) if answer else "",
            author_id=partner.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            attachments=list(files),
        )
        if self.state == "open":  # a sister company's colleague is a customer as well
            self._record_answer(
                self._get_answer_text(message), partner, files=message.attachment_ids
            )
