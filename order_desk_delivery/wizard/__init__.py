from . import (
    order_desk_accessory_pack,
    order_desk_accessory_reason,
    order_desk_settings,
)
