from . import (
    test_accessory,
    test_receipt,
    test_receipt_close,
    test_transfer,
)
