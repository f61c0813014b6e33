from . import claim, shipping_advice
