from . import order_desk_owed
