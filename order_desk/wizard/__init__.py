from . import (
    base_partner_merge,
    order_desk_clarification_reply,
    order_desk_class_change_ask,
    order_desk_class_change_decline,
    order_desk_confirmation_return,
    order_desk_confirmation_send_back,
    order_desk_distribution_report,
    order_desk_settings,
    order_desk_sheet_code,
    order_desk_sheet_relax,
    order_desk_sheet_sign,
)
