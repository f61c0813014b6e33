from . import test_incident, test_kit_money, test_release
