from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools.mimetypes import guess_mimetype

DEFAULT_MAX_FILE_MB = 15
IMAGE_TYPES = (
    "image/bmp",
    "image/gif",
    "image/jpeg",
    "image/png",
    "image/webp",
)
FILE_TYPES = ("application/pdf", *IMAGE_TYPES)
# what a file is, says and belongs to
KEPT_FIELDS = {
    "datas",
    "db_datas",
    "mimetype",
    "name",
    "raw",
    "res_field",
    "res_id",
    "res_model",
    "type",
    "url",
}


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    @api.model
    def _order_desk_check_file(self, name, raw, types=FILE_TYPES):
        """Refuse a file that is empty, too big, or neither a picture nor a PDF.

        The type is read from the content, whatever the file is called.

        :param bytes raw: the content
        :param types: the MIME types that are accepted
        :raise UserError: names the file, what is wrong, and what to do
        """
        if not raw:
            raise UserError(
                self.env._("%s is empty. Take the picture or scan again.", name)
            )
        parameters = self.env["ir.config_parameter"].sudo()  # not for everyone to read
        most = float(
            parameters.get_param("order_desk.max_file_mb", DEFAULT_MAX_FILE_MB)
        )
        size = len(raw) / 1024 / 1024
        if size > most:
            raise UserError(
                self.env._(
                    "%(name)s has %(size).1f MB; at most %(most)g MB are accepted. Take"
                    " a smaller picture or scan with a lower resolution.",
                    name=name,
                    size=size,
                    most=most,
                )
            )
        if guess_mimetype(raw) not in types:
            raise UserError(
                self.env._(
                    "%s is neither a picture nor a PDF. Upload a photo (JPEG, PNG) or a"
                    " scan (PDF).",
                    name,
                )
            )

    def _order_desk_give_to(self, record):
        """Let everybody who sees ``record`` see these files, which were put on it.

        An upload on a new record belongs to none, thus to its author alone; the author
        gives it away, others' files stay theirs.

        :raise AccessError: a file that the user may not read was put there
        :raise UserError: a file that is neither a picture nor a PDF
        """
        self.check_access("read")
        # whoever may write the record need not own it
        loose = self.sudo().filtered(
            lambda file: not file.res_id and file.create_uid == self.env.user
        )
        for file in loose:
            file._order_desk_check_file(file.name, file.raw)
        loose.write({"res_model": record._name, "res_id": record.id})

    @api.model
    def _order_desk_evidence_models(self):
        """Return the models whose attachments are evidence, thus never changed."""
        return ["order.desk.signature", "order.desk.confirmation"]

    def _order_desk_check_evidence(self, vals=None):
        """Refuse to change evidence; the same content may move to another storage."""
        evidence = self.filtered(
            lambda file: (
                file.res_model in self._order_desk_evidence_models()
                and (vals is None or any(file[name] != vals[name] for name in vals))
                and file._is_order_desk_evidence()
            )
        )
        if evidence:
            raise UserError(
                self.env._(
                    "%s belongs to what was signed and cannot be changed or deleted.",
                    ", ".join(evidence.mapped("name")),
                )
            )

    def _is_order_desk_evidence(self):
        """Tell whether this file of an evidence model has been signed or verified."""
        self.ensure_one()
        if self.res_model == "order.desk.confirmation":
            # evidence is evidence for whoever asks
            confirmation = self.env[self.res_model].sudo().browse(self.res_id)
            return confirmation.exists() and confirmation._is_evidence(self)
        return True

    def write(self, vals):
        names = KEPT_FIELDS & set(vals)
        if names:
            self._order_desk_check_evidence({name: vals[name] for name in names})
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_evidence(self):
        self._order_desk_check_evidence()
