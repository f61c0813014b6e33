from . import (
    change_production_qty,
    order_desk_drawing_note,
    order_desk_engineering_reply,
    order_desk_incident_inform,
    order_desk_incident_plan,
    order_desk_incident_reason,
    order_desk_incident_solve,
    order_desk_instruction_ask,
    order_desk_settings,
    order_desk_sheet_sign,
)
