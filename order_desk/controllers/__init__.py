from . import balance_notice, confirmation, dossier, order_question, portal
