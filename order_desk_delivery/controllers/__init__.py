from . import (
    claim,
    receipt,
    shipping_advice,
)
