from . import order_desk_sheet_code, order_desk_sheet_sign
