"""scripts/serve and scripts/stop: the order desk, running on this machine."""

import argparse
import json
import os
import time

from . import processes
from .console import Problem, say
from .database import LANGUAGES, Databases
from .environment import Environment, write_text
from .rpc import Client

PARTS = ("odoo", "python", "postgres", "browser", "fonts")
DATABASE = "order_desk"
PORT = 8069
TRY_FIRST = """\
What to try first (the password is the login):
  1. As the order clerk (clerk): Order Desk, take a sheet in draft, press Submit for
     Review. What is still missing is named all at once.
  2. As the general manager (gm): approve it. The sales order is confirmed by that.
  3. Countersign as gm, production, material and engineer; give the codes as warehouse.
  4. As the clerk again: send the confirmation, ask for the deposit, verify the return
     copy; release to production. Manufacturing orders and deliveries appear then.
  5. As the accountant: Invoicing, Customers, Orders Waiting for Money."""
SET_LANGUAGE = """\
users = env["res.users"].with_context(active_test=False).search([("share", "=", False)])
users.write({{"lang": {lang!r}}})
env["ir.default"].set("res.partner", "lang", {lang!r})
env.company.partner_id.lang = {lang!r}
env.cr.commit()
"""


def main(arguments=None):
    """Set up what is missing, start the server, show how to use it."""
    options = _parse(arguments)
    environment = Environment()
    environment.check_basics()
    stopped = _stop_server(_state_file(environment, options.database))
    processes.check_port(options.port)
    if stopped:
        say(f"The server on the database {options.database} is started again.")
    databases = Databases(environment)
    environment.progress.plan(1)
    environment.ensure(*PARTS)
    environment.postgres.start()
    _prepare_database(databases, options)
    server = _start(environment, databases, options)
    say(_summary(server, options))
    if options.detach:
        say("It runs in the background; scripts/stop ends it.")
        return 0
    return _follow(environment, server, options)


def _parse(arguments):
    parser = argparse.ArgumentParser(
        prog="scripts/serve",
        description="Set up what is missing, run the order desk with a demo factory.",
    )
    add = parser.add_argument
    add("--lang", choices=("en_US", *LANGUAGES), help="language of all internal users")
    add("--port", type=int, default=PORT, help="HTTP port (%(default)s)")
    add("--database", default=DATABASE, help="name of the database (%(default)s)")
    add("--workers", type=int, default=0, metavar="N", help="HTTP processes, 0 or 2…")
    add("--no-demo", action="store_true", help="without the demo factory")
    add("--reset", action="store_true", help="delete the database and begin anew")
    add("--detach", action="store_true", help="return once it runs")
    options = parser.parse_args(arguments)
    if options.workers == 1:
        raise Problem(
            "One worker cannot print: Chromium asks it for styles while it waits.",
            "use --workers 0 (one process with threads) or --workers 2.",
        )
    if not options.database.replace("_", "").isalnum():
        raise Problem(
            f"{options.database!r} is no good name for a database.",
            "use letters, digits and underscores.",
        )
    return options


# ----------------------------------------------------------------------
# The database
# ----------------------------------------------------------------------


def _prepare_database(databases, options):
    name, demo = options.database, not options.no_demo
    progress = databases.environment.progress
    if options.reset:
        databases.drop(name)
    if databases.exists(name):
        _update(databases, name, options)
    else:
        progress.plan(databases.missing_steps(demo, assets=True))
        databases.create(demo=demo, assets=True, name=name)
    if options.lang:
        _set_language(databases, name, options.lang)
    databases.set_parameter(name, "web.base.url", f"http://localhost:{options.port}")
    databases.set_parameter(name, "report.url", f"http://127.0.0.1:{options.port}")


def _update(databases, name, options):
    """Install and update the modules whose files changed since the last start."""
    try:
        rows = databases.query(name, "SELECT name, demo FROM ir_module_module")
    except Problem as problem:
        raise Problem(
            f"The database {name} is not one of Odoo's.",
            f"use another --database, or have it made anew: --reset --database {name}",
        ) from problem
    own = databases.environment.modules()
    demo = any(row[1] == "t" for row in rows if row[0] in own)
    if demo and options.no_demo:
        raise Problem(
            f"The database {name} holds the demo factory.",
            f"scripts/serve --no-demo --reset --database {name} makes it anew.",
        )
    new, changed = databases.changed_modules(name)
    if not new and not changed:
        return
    databases.environment.progress.plan(1)
    title = f"Updating {', '.join([*new, *changed])}"
    try:
        with databases.environment.progress.step(title) as report:
            databases.install(name, new, demo=demo, update=changed, report=report)
    except Problem as problem:
        raise Problem(
            problem.what,
            f"{problem.mend}; scripts/serve --reset --database {name} makes the "
            "database anew.",
        ) from problem


def _set_language(databases, name, lang):
    other = databases.query(
        name,
        "SELECT 1 FROM res_users u JOIN res_partner p ON p.id = u.partner_id "
        f"WHERE NOT u.share AND u.active AND p.lang IS DISTINCT FROM '{lang}'",
    )
    if other:
        databases.environment.progress.plan(1)
        with databases.environment.progress.step(f"Language {lang}"):
            result = databases.shell(name, SET_LANGUAGE.format(lang=lang))
            result.check(f"Setting the language {lang}")


# ----------------------------------------------------------------------
# The server
# ----------------------------------------------------------------------


def _state_file(environment, database):
    return environment.cache / f"run/{database}.json"


def _start(environment, databases, options):
    server = processes.Server(
        environment,
        options.database,
        port=options.port,
        workers=options.workers,
        log=environment.cache / f"logs/serve-{options.database}.log",
    )
    with environment.progress.step("Server"):
        server.start()
        state = {"pid": server.pid, "port": server.port, "log": str(server.log)}
        write_text(_state_file(environment, options.database), json.dumps(state))
        server.wait()
    return server


def _summary(server, options):
    url = f"http://localhost:{server.port}"
    lines = ["", f"The order desk runs: {url}", ""]
    lines += [f"  {row}" for row in _logins(server)]
    if not options.no_demo:
        lines += ["", TRY_FIRST]
    if server.websocket_port:
        lines += ["", "Live updates between users need a proxy in front that sends"]
        lines += [f"/websocket to port {server.websocket_port}."]
    return "\n".join([*lines, "", f"Log: {server.log}"])


def _logins(server):
    """Return one line for each person who can log in, with the roles held."""
    try:
        client = Client(server.url, server.database, "admin")
        users = client.call(
            "res.users",
            "search_read",
            [["share", "=", False]],
            ["login", "name", "function"],
            order="id",
        )
        roles = _roles(client)
    except (Problem, OSError):
        return ["The password of admin was changed; log in as you know."]
    lines = ["login           name                      role"]
    for user in users:
        names = ", ".join(roles.get(user["id"], ())) or user["function"] or ""
        if user["login"] == "admin":
            names = names or "administrator"
        lines.append(f"{user['login']:<15} {user['name']:<25} {names}".rstrip())
    return lines


def _roles(client):
    """Return the names of the roles of each user, by the user's id."""
    found = {}
    try:
        fields = ["display_name", "user_ids"]
        for role in client.call("order.desk.role", "search_read", [], fields):
            for user in role["user_ids"]:
                found.setdefault(user, []).append(role["display_name"])
    except (Problem, OSError):  # the module is not there
        return {}
    return found


def _follow(environment, server, options):
    """Show the log until Ctrl-C, then stop what was started."""
    say("Ctrl-C stops it. What follows is the log.\n")
    try:
        with server.log.open(errors="replace") as log:
            log.seek(0, os.SEEK_END)
            while server.is_running():
                text = log.read()
                print(text, end="", flush=True)
                time.sleep(0.3)
            print(log.read(), end="", flush=True)
    except KeyboardInterrupt:
        say("\nStopping …")
        server.stop()
    _state_file(environment, options.database).unlink(missing_ok=True)
    environment.postgres.release()
    say("The server has ended. " + environment.postgres.stop())
    return 0


def stop(arguments=None):
    """End the servers that scripts/serve started, and the private PostgreSQL."""
    parser = argparse.ArgumentParser(
        prog="scripts/stop",
        description="End what scripts/serve started, and the private PostgreSQL.",
    )
    parser.parse_args(arguments)
    environment = Environment()
    for path in sorted((environment.cache / "run").glob("*.json")):
        if _stop_server(path):
            say(f"The server on the database {path.stem} was stopped.")
    say(environment.postgres.stop())
    return 0


def _stop_server(path):
    """Stop the server a state file names; return whether one ran."""
    if not path.exists():
        return False
    pid = json.loads(path.read_text())["pid"]
    running = processes.is_running(pid)
    if running:
        processes.stop_process(pid)
    path.unlink(missing_ok=True)
    return running
