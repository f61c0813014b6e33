from . import (
    test_accessory,
    test_cut_off,
    test_receipt,
    test_receipt_close,
    test_service_level,
    test_transfer,
)
