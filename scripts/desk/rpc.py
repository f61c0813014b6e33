"""Calls to a running Odoo, as its web client makes them; standard library only."""

import http.cookiejar
import json
import urllib.request

from .console import Problem


class Client:
    """A session of one user.

    :raise Problem: wrong login or password
    """

    def __init__(self, url, database, login, password=None):
        self.url = url
        cookies = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(cookies)
        )
        found = self._post(
            "/web/session/authenticate",
            {"db": database, "login": login, "password": password or login},
        )
        self.user_id = found.get("uid")
        self.context = found.get("user_context", {})

    def call(self, model, method, *arguments, **options):
        """Call a public method; return what it returns, as JSON.

        :raise Problem: with the server's message
        """
        options["context"] = {**self.context, **options.get("context", {})}
        return self._post(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": arguments, "kwargs": options},
        )

    def download(self, path):
        """Return the content of a page or file.

        :raise urllib.error.HTTPError: the server refuses it
        """
        with self._opener.open(self.url + path, timeout=120) as response:
            return response.read()

    def _post(self, path, parameters):
        body = {"jsonrpc": "2.0", "method": "call", "params": parameters}
        request = urllib.request.Request(
            self.url + path,
            json.dumps(body).encode(),
            {"Content-Type": "application/json"},
        )
        with self._opener.open(request, timeout=120) as response:
            answer = json.load(response)
        if error := answer.get("error"):
            raise Problem(error.get("data", {}).get("message") or error["message"])
        return answer.get("result")  # a method may return nothing
