from odoo import models


class OrderDeskTodoMixin(models.AbstractModel):
    """To-dos of a document, kept in line with what it waits for (SPEC J2).

    For models with activities. They call ``_update_todos`` after each change.
    """

    _name = "order.desk.todo.mixin"
    _description = "Document of an Order with To-Dos"

    # whoever has such a to-do cannot tick it off; the document takes it back
    _keeps_todos = True

    def _get_todos(self):
        """Return who has to do what about these documents, read as superuser.

        :return: ``{(document, XML id of the activity type, user): values}``; values are
            ``summary``, in the user's language, ``date_deadline`` and maybe ``note``
        """
        raise NotImplementedError(self._name)

    def _get_many_subject(self):
        """Return the subject of the message that says these documents wait."""
        # whoever gets the to-do need not be able to read models
        name = self.env["ir.model"].sudo()._get(self._name).name
        return self.env._(
            "%(document)s: %(count)s wait for you", document=name, count=len(self)
        )

    def _update_todos(self):
        """Bring the open activities in line with what these documents wait for."""
        # to-dos of others are the desk's to give and take back
        documents = self.sudo()
        activities = self.env["mail.activity"].sudo()
        get_id = self.env["ir.model.data"]._xmlid_to_res_id
        wanted = {
            (document.id, get_id(type_xmlid), user.id): values
            for (document, type_xmlid, user), values in documents._get_todos().items()
        }
        present = {
            (todo.res_id, todo.activity_type_id.id, todo.user_id.id): todo
            for todo in activities.search(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "in", self.ids),
                    ("automated", "=", True),
                ]
            )
        }
        activities.union(
            *(present[key] for key in present.keys() - wanted.keys())
        ).unlink()
        vals_list = []
        for key, values in wanted.items():
            if key not in present:
                vals_list.append({**self._prepare_todo_vals(*key), **values})
                continue
            todo = present[key]
            changed = {
                name: value
                for name, value in values.items()
                if name != "note" and todo[name] != value
            }
            if changed:
                todo.write(changed)
        # one message for each person, however many documents come at once
        activities.with_context(mail_activity_quick_update=True).create(
            vals_list
        )._order_desk_notify()

    def _prepare_todo_vals(self, document_id, type_id, user_id):
        return {
            "res_model_id": self.env["ir.model"]._get_id(self._name),
            "res_id": document_id,
            "activity_type_id": type_id,
            "user_id": user_id,
            "automated": True,
        }
