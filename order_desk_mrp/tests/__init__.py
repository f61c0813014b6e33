from . import (
    test_daily_report,
    test_incident,
    test_incident_flow,
    test_instruction,
    test_instruction_hold,
    test_kit_money,
    test_release,
)
