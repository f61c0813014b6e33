from . import confirmation, order_question, portal
