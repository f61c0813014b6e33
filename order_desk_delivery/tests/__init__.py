from . import test_accessory, test_transfer
