from . import (
    order_desk_accessory_pack,
    order_desk_accessory_reason,
    order_desk_settings,
    order_desk_shipping_advice_correct,
    order_desk_shipping_advice_reason,
    order_desk_shipping_advice_receipt,
)
