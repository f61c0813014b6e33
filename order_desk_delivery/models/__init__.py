from . import (
    order_desk_role,
    order_desk_sheet,
    order_desk_shipping_advice,
    order_desk_shipping_request,
    order_desk_shipping_request_line,
    order_desk_waiver_right,
    res_company,
    sale_order_line,
    stock_move,
    stock_picking,
)
