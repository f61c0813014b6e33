from . import (
    test_coexistence,
    test_companies,
    test_conditions,
    test_configuration,
    test_distribution,
    test_order_code,
    test_release,
    test_revisions,
    test_side_doors,
    test_signing,
    test_submit,
    test_tours,
)
