from . import (
    test_daily_report,
    test_finish_date,
    test_incident,
    test_incident_flow,
    test_instruction,
    test_instruction_hold,
    test_kit_money,
    test_material_gate,
    test_material_property,
    test_material_statement,
    test_release,
)
