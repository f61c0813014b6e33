from . import test_kit_money, test_release
