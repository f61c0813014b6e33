from odoo import api, models
from odoo.exceptions import AccessError


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
