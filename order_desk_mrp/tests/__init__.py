from . import (
    test_incident,
    test_instruction,
    test_instruction_hold,
    test_kit_money,
    test_release,
)
