from . import order_desk_sheet, stock_picking
