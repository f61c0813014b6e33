from . import (
    order_desk_clarification_reply,
    order_desk_distribution_report,
    order_desk_settings,
    order_desk_sheet_code,
    order_desk_sheet_sign,
)
