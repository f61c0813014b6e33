from . import balance_notice, confirmation, order_question, portal
