from . import shipping_advice
