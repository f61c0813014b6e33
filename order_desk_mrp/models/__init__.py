from . import (
    mrp_bom,
    mrp_production,
    order_desk_check_item,
    order_desk_role,
    order_desk_sheet,
    res_users,
    sale_order_line,
    sale_order_line_making,
)
