"""scripts/odoo: any Odoo command in the environment of the checkout."""

import os
import sys

from .environment import Environment

USAGE = """\
Usage: scripts/odoo COMMAND …
Runs any Odoo command with the add-ons of this checkout, for example:
  scripts/odoo shell -d order_desk
  scripts/odoo -d order_desk -u order_desk --stop-after-init
  scripts/odoo i18n export -d order_desk order_desk
"""


def main():
    if not sys.argv[1:]:
        print(USAGE, end="")
        return 2
    environment = Environment()
    environment.ensure("odoo", "python", "postgres", "fonts")
    environment.postgres.start(inherit=True)
    arguments = [str(environment.python), str(environment.launcher), *sys.argv[1:]]
    return os.execve(arguments[0], arguments, environment.environ())
