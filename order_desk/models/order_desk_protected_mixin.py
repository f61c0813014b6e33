from odoo import api, models
from odoo.exceptions import AccessError, LockError, UserError
from odoo.tools import SQL


def keep_rows(records, columns, message):
    """Let the database itself refuse to change or delete rows of a model.

    A server action or a migration may run SQL past the model's methods.

    :param records: an empty recordset of the model
    :param columns: those that may not change
    :param message: what the database says, in English
    """
    name = SQL.identifier(f"{records._table}_keep")
    old, new = (
        SQL(", ").join(
            SQL("%s.%s", SQL.identifier(row), SQL.identifier(column))
            for column in columns
        )
        for row in ("old", "new")
    )
    records.env.cr.execute(
        SQL(
            """
            CREATE OR REPLACE FUNCTION %(name)s()
            RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF TG_OP = 'UPDATE' THEN
                    IF (%(old)s) IS NOT DISTINCT FROM (%(new)s) THEN
                        RETURN NEW;
                    END IF;
                END IF;
                RAISE EXCEPTION USING MESSAGE = %(message)s;
            END $$;
            CREATE OR REPLACE TRIGGER %(name)s
            BEFORE UPDATE OR DELETE ON %(table)s
            FOR EACH ROW EXECUTE FUNCTION %(name)s();
            """,
            name=name,
            old=old,
            new=new,
            message=message,
            table=SQL.identifier(records._table),
        )
    )


class OrderDeskProtectedMixin(models.AbstractModel):
    """Fields that carry authority: the desk's own methods alone write them.

    Whoever is allowed to write a record could otherwise write its state over RPC. The
    methods check first and then write as superuser.
    """

    _name = "order.desk.protected.mixin"
    _description = "Fields Written by the Order Desk Alone"

    @api.model
    def _get_protected_defaults(self):
        """Return the protected fields, with what a new record has there."""
        return {}

    @api.model
    def _get_fixed_fields(self):
        """Return the fields that are given at creation and then stay as they are."""
        return set()

    @api.model
    def _get_protected_message(self, names):
        """Return why ``names`` (labels, one text) cannot be written, and the remedy."""
        return self.env._("%s cannot be changed by hand.", names)

    @api.model_create_multi
    def create(self, vals_list):
        defaults = self._get_protected_defaults()
        self._check_protected(set(defaults) & set().union(*vals_list))
        # given here, they win over the defaults of a context, which any client may send
        return super().create([{**defaults, **vals} for vals in vals_list])

    def write(self, vals):
        protected = {*self._get_protected_defaults(), *self._get_fixed_fields()}
        self._check_protected(protected & set(vals))
        return super().write(vals)

    @api.model
    def _check_protected(self, names):
        """Refuse these fields unless the desk itself writes them.

        :raise AccessError: names the fields and says what to do instead
        """
        if names and not self.env.su:
            labels = self.fields_get(list(names), ["string"])
            texts = sorted(label["string"] for label in labels.values())
            raise AccessError(self._get_protected_message(", ".join(texts)))

    def _lock(self):
        """Let one person at a time move these records on.

        Whoever locks writes on the records. A second one who began before the first
        was done would not see what was made beside the records, e.g. an outcome of a
        claim; so that one's transaction fails and is repeated by Odoo.

        :raise UserError: somebody else is at it right now
        """
        if not self.ids:
            return
        try:
            self.lock_for_update()
        except LockError as error:
            raise UserError(self._get_busy_message()) from error
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET write_date = write_date WHERE id IN %s",
                SQL.identifier(self._table),
                tuple(self.ids),
            )
        )

    def _get_busy_message(self):
        """Return what the second of two people is told."""
        return self.env._(
            "Somebody else is working on %s at this moment. Look at it again in a few"
            " seconds.",
            ", ".join(self.mapped("display_name")),
        )

    def _read_text(self, text, message):
        """Return what was typed, without blanks around it.

        :raise UserError: with ``message``, when nothing was typed
        """
        text = str(text or "").strip()
        if not text:
            raise UserError(message)
        return text
