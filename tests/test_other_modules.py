"""What our modules do where further modules of Odoo are installed.

They depend on none of these, so their usual test database has none of them; tests
tagged with the module's name wait for this one.
"""

import pytest
from desk.processes import free_port, run_odoo
from desk.testing import RESULT

#: tag of the tests: Odoo's modules they are about
OTHERS = {
    "order_desk_purchase": ["purchase_stock"],
    "order_desk_repair": ["repair"],
    "order_desk_shipping": ["stock_dropshipping", "stock_picking_batch"],
    "order_desk_subcontracting": ["mrp_subcontracting"],
}


@pytest.fixture
def database(databases):
    """A copy of the database with our modules."""
    name = databases.test_name()
    databases.copy(databases.ready(demo=False), name)
    yield name
    databases.drop(name)


@pytest.mark.parametrize("tag", OTHERS)
def test_with_other_module(environment, databases, database, tag):
    databases.install_others(database, OTHERS[tag], ())
    log = environment.cache / f"logs/{database}.log"
    arguments = ["-d", database, "--stop-after-init", "--test-tags", tag]
    result = run_odoo(environment, *arguments, "--http-port", free_port(), log=log)
    assert not result.problems(), "\n".join(map(str, result.problems()))
    (counts,) = [
        found
        for entry in result.entries
        if (found := RESULT.search(entry.text)) and entry.logger == "odoo.tests.result"
    ]
    assert int(counts[3]) > 0
