from datetime import datetime, time, timedelta

from pytz import timezone, utc

from odoo.addons.order_desk_delivery.tests.common import OrderDeskDeliveryCommon


class OrderDeskDatesCommon(OrderDeskDeliveryCommon):
    """A company that works from Monday to Friday, in Shanghai unless said otherwise."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.company.order_desk_cut_off = 17.25
        cls.calendar = cls.env["resource.calendar"].create(
            {"name": "Test week", "tz": "Asia/Shanghai", "company_id": cls.company.id}
        )
        cls.company.resource_calendar_id = cls.calendar
        ref = cls.env.ref
        cls.urgent = ref("order_desk_delivery.service_level_urgent")
        cls.standard = ref("order_desk_delivery.service_level_standard")
        cls.fixed = ref("order_desk_delivery.service_level_fixed")

    @classmethod
    def _add_holidays(cls, first, last):
        """Close the company from one day to another, both included."""
        cls.env["resource.calendar.leaves"].create(
            {
                "name": "Holidays",
                "calendar_id": cls.calendar.id,
                "company_id": cls.company.id,
                "date_from": cls._at(first, time.min),
                "date_to": cls._at(last + timedelta(days=1), time.min),
            }
        )

    @classmethod
    def _at(cls, day, clock):
        """Return the moment (UTC) when it is ``clock`` on ``day`` in this company."""
        zone = timezone(cls.calendar.tz)
        local = zone.localize(datetime.combine(day, clock))
        return local.astimezone(utc).replace(tzinfo=None)
