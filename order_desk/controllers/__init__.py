from . import order_question, portal
