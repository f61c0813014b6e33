"""What the tests in this folder share: a server with the demo factory, a browser."""

import json
import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "scripts"))

from desk.database import Databases
from desk.environment import Environment
from desk.processes import Server
from desk.rpc import Client

BROWSER_FIXTURES = {"browser", "page", "phone"}
BROWSER_OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SHELL_END = '\nimport json\nprint("\\nRESULT", json.dumps(result))\n'


def pytest_configure(config):
    config.addinivalue_line("markers", "browser: needs Chromium; not in --fast")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Mark what takes a browser, so that ``-m "not browser"`` leaves it out."""
    for item in items:
        if BROWSER_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker("browser")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Keep a picture of the page on which a test failed."""
    report = yield
    pages = getattr(item, "funcargs", {})
    page = pages.get("page") or pages.get("phone")
    if page and call.when == "call" and report.failed:
        path = Environment().cache / f"screenshots/{item.name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(path))
        report.sections.append(("screenshot", str(path)))
    return report


@pytest.fixture(scope="session")
def environment():
    """The set-up of this checkout."""
    return Environment()


@pytest.fixture(scope="session")
def databases(environment):
    """Makes, copies and drops databases."""
    environment.ensure("odoo", "python", "postgres")
    environment.postgres.start()
    return Databases(environment)


@pytest.fixture(scope="session")
def server(environment, databases):
    """A running Odoo with the demo factory: ``server.url``, ``server.database``."""
    name = databases.create(demo=True, assets=True)
    server = Server(environment, name)
    databases.set_parameter(name, "web.base.url", server.url)
    databases.set_parameter(name, "report.url", server.url)
    try:
        yield server.start().wait()
    finally:
        server.stop()
        databases.drop(name)


@pytest.fixture
def odoo_shell(databases, server):
    """Return a function that runs code in ``odoo shell`` on the server's database.

    The code finds ``env``; what it leaves in ``result`` is returned. Nothing is
    committed unless the code does it.
    """

    def run(code):
        outcome = databases.shell(server.database, f"result = None\n{code}{SHELL_END}")
        texts = "\n".join(entry.text for entry in outcome.entries)
        assert "\nRESULT " in texts, texts
        return json.loads(texts.rpartition("\nRESULT ")[2].splitlines()[0])

    return run


@pytest.fixture
def client(server):
    """Return a function: login in, a client that calls methods as that user out."""
    return lambda login: Client(server.url, server.database, login)


@pytest.fixture(scope="session")
def browser(environment):
    """Headless Chromium, the set-up's own."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  slow to import

    environment.ensure("browser", "fonts")
    os.environ["FONTCONFIG_FILE"] = environment.environ()["FONTCONFIG_FILE"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(environment.chromium), args=list(BROWSER_OPTIONS)
        )
        yield browser
        browser.close()


@pytest.fixture
def page(browser, server):
    """A fresh page of 1366 by 800 pixels, nobody logged in."""
    context = browser.new_context(
        base_url=server.url, viewport={"width": 1366, "height": 800}, locale="en-US"
    )
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def phone(browser, server):
    """A fresh page on a phone of 390 by 844 pixels, nobody logged in."""
    context = browser.new_context(
        base_url=server.url,
        viewport={"width": 390, "height": 844},
        has_touch=True,
        locale="en-US",
        service_workers="block",  # what they fetch is not for the tests to see
    )
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def login():
    """Return a function that logs a user in: ``login(page, "wang")``."""

    def log_in(page, login, password=None):
        page.goto("/web/login")
        page.locator("input[name=login]").fill(login)
        page.locator("input[name=password]").fill(password or login)
        page.locator("form.oe_login_form button[type=submit]").first.click()
        page.wait_for_url(lambda url: "/web/login" not in url)
        return page

    return log_in
