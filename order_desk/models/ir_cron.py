import logging

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.tools import split_every

_logger = logging.getLogger(__name__)


class IrCron(models.Model):
    _inherit = "ir.cron"

    @api.model
    def _order_desk_follow(self, records, follow, size=100, again=None, lock=True):
        """Do the scheduled work on ``records`` in committed batches.

        Somebody who is at a record right now is served first. A record with trouble
        stops no other; it is in the server's log and is tried again the next time.

        :param follow: called with some of the records
        :param size: how many in one transaction
        :param again: XML id of the scheduled action that looks a minute later at those
            that were locked; left out, the next run does
        :param lock: False for work that nobody should have to wait for
        """
        self._commit_progress(remaining=len(records))
        busy = False
        for ids in split_every(size, records.ids):
            free = records.browse(ids)
            free = free.try_lock_for_update() if lock else free
            busy |= len(free) < len(ids)
            if free:
                self._order_desk_follow_or_skip(free, follow)
            if not self._commit_progress(len(ids)):
                break
        if busy and again:
            trigger = self.env.ref(again)
            trigger._trigger(fields.Datetime.add(fields.Datetime.now(), minutes=1))

    @api.model
    def _order_desk_follow_or_skip(self, records, follow):
        try:
            with self.env.cr.savepoint():
                follow(records)
        except OperationalError:
            raise  # two at the same moment: Odoo starts over
        except Exception:  # whatever is wrong with one record stops no other
            self.env.invalidate_all()
            if len(records) == 1:
                _logger.exception("%s cannot be followed", records)
                return
            for record in records:
                self._order_desk_follow_or_skip(record, follow)
