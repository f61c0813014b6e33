from . import (
    test_accessory,
    test_claim,
    test_claim_outcome,
    test_claim_receipt,
    test_cut_off,
    test_receipt,
    test_receipt_close,
    test_service_level,
    test_shipping_advice,
    test_shipping_advice_sending,
    test_shipping_briefing,
    test_transfer,
)
