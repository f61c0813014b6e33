"""The PDF printer, called as Odoo's ir.actions.report calls it."""

import http.server
import os
import re
import resource
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from pypdf import PdfReader

PRINTER = Path(__file__).parents[1] / "scripts" / "desk" / "wkhtmltopdf"

# The part of Odoo's web.minimal_layout that works on the printer's variables.
LAYOUT = """<!DOCTYPE html>
<html style="height: 0;">
  <head>
    <base href="{base}"/>
    <link rel="stylesheet" href="/style.css"/>
    <meta charset="utf-8"/>
    <style>
      * {{ margin: 0; font: 14px sans-serif; }}
      table {{ width: 100%; }}
      td {{ height: 60px; }}
      tr {{ break-inside: avoid; }}
    </style>
    <script>
      function subst() {{
        var vars = {{}};
        var x = document.location.search.substring(1).split('&');
        for (var i in x) {{
          var z = x[i].split('=', 2);
          vars[z[0]] = unescape(z[1]);
        }}
        var x = ['sitepage', 'sitepages', 'section', 'subsection', 'subsubsection'];
        var z = {{'sitepage': 'page', 'sitepages': 'topage'}};
        for (var i in x) {{
          var y = document.getElementsByClassName(z[x[i]] || x[i])
          for (var j = 0; j < y.length; ++j)
            y[j].textContent = vars[x[i]];
        }}
        var index = vars['webpage'].split('.', 4)[3];
        for (const id of ['headers', 'footers']) {{
          var all = document.getElementById('minimal_layout_report_' + id);
          if (all) {{
            var own = all.children[index];
            all.textContent = '';
            all.appendChild(own);
          }}
        }}
      }}
    </script>
  </head>
  <body class="container overflow-hidden" onload="{onload}">{body}</body>
</html>
"""
PAGE_NUMBER = (
    '<div>Page <span class="page"></span> / <span class="topage"></span>'
    " of document {}</div>"
)


def table(rows):
    lines = "".join(f"<tr><td>Row {number}. 泵体</td></tr>" for number in range(rows))
    heading = "<thead><tr><th>Heading of the table</th></tr></thead>"
    return f"<h2>Order</h2><table>{heading}<tbody>{lines}</tbody></table>"


def call(*arguments, environ=None, preexec_fn=None):
    return subprocess.run(
        [sys.executable, PRINTER, *map(str, arguments)],
        capture_output=True,
        check=False,
        encoding="utf-8",
        env={**os.environ, **(environ or {})},
        preexec_fn=preexec_fn,
        timeout=120,
    )


class SlowServer(http.server.BaseHTTPRequestHandler):
    """Gives a style sheet, late, and only to who shows the session's cookie."""

    def do_GET(self):
        if self.path != "/style.css" or self.headers["Cookie"] != "session_id=abc":
            self.send_error(403)
            return
        time.sleep(0.3)
        self.send_response(200)
        self.send_header("Content-Type", "text/css")
        self.send_header("Cache-Control", "max-age=60")
        self.end_headers()
        self.wfile.write(b"div::after { content: ' styled'; }")

    def log_message(self, *_arguments):
        """Keep the test's output clean."""


@pytest.fixture
def base_url():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), SlowServer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def print_pages(tmp_path, base_url):
    """Print bodies the way Odoo does and return the reader of the PDF."""

    def write(name, body, onload=""):
        path = tmp_path / name
        text = LAYOUT.format(base=base_url, onload=onload, body=body)
        path.write_text(text, encoding="utf-8")
        return path

    def run(*bodies, options=(), **how):
        numbers = range(len(bodies))
        headers = "".join(f"<div>公司抬头 Header {n}</div>" for n in numbers)
        footers = "".join(PAGE_NUMBER.format(n) for n in numbers)
        header = f'<div id="minimal_layout_report_headers">{headers}</div>'
        footer = f'<div id="minimal_layout_report_footers">{footers}</div>'
        cookie_jar = tmp_path / "report.cookie_jar.tmp.1.txt"
        cookie_jar.write_text("session_id=abc; HttpOnly; domain=127.0.0.1; path=/;")
        output = tmp_path / "report.tmp.pdf"
        result = call(
            *("--disable-local-file-access", "--quiet", "--page-size", "A4"),
            *("--margin-top", "52.0", "--dpi", "90", "--zoom", str(96 / 90)),
            *("--header-spacing", "52", "--margin-left", "0.0"),
            *("--margin-bottom", "32.0", "--margin-right", "0.0"),
            *("--orientation", "Portrait", "--javascript-delay", "1000", *options),
            *("--cookie-jar", cookie_jar),
            *("--header-html", write("report.header.tmp.1.html", header, "subst()")),
            *("--footer-html", write("report.footer.tmp.1.html", footer, "subst()")),
            *(write(f"report.body.tmp.{n}.x1.html", bodies[n]) for n in numbers),
            output,
            environ={"TMPDIR": str(tmp_path)},
            **how,
        )
        assert result.returncode == 0, result.stderr
        assert not list(tmp_path.glob("wkhtmltopdf-*")), "the profile is still there"
        return PdfReader(output)

    return run


def texts(reader):
    return [re.sub(r"\s+", " ", page.extract_text()) for page in reader.pages]


def test_version_is_one_that_prints_several_records_at_once():
    result = call("--version")
    assert result.stdout == "wkhtmltopdf 0.12.6 (with patched qt)\n"


def test_missing_browser_is_named_on_one_line(tmp_path):
    body = tmp_path / "body.html"
    body.write_text("<p>Text</p>")
    browser = tmp_path / "no-such-browser"
    result = call(body, tmp_path / "out.pdf", environ={"CHROMIUM": str(browser)})
    assert result.returncode == 2
    assert result.stderr.count("\n") == 1
    assert "Chromium not found" in result.stderr
    assert str(browser) in result.stderr


def test_browser_that_does_not_start_is_reported_with_its_last_line(tmp_path):
    body = tmp_path / "body.html"
    body.write_text("<p>Text</p>")
    browser = tmp_path / "browser"
    browser.write_text("#!/bin/sh\necho first >&2\necho no library >&2\nexit 127\n")
    browser.chmod(0o755)
    environ = {"CHROMIUM": str(browser), "TMPDIR": str(tmp_path)}
    result = call(body, tmp_path / "out.pdf", environ=environ)
    assert result.returncode == 2
    assert result.stderr == (
        "wkhtmltopdf: Chromium did not start: exit code 127: no library\n"
    )
    assert not list(tmp_path.glob("wkhtmltopdf-*"))


@pytest.mark.browser
def test_every_page_has_header_footer_number_and_table_heading(print_pages):
    pages = texts(print_pages(table(30)))
    assert len(pages) == 3
    for number, text in enumerate(pages, 1):
        assert "公司抬头 Header 0" in text
        assert f"Page {number} / 3 of document 0" in text
        assert text.count("Heading of the table") == 1
    rows = re.findall(r"Row (\d+)\. 泵体", " ".join(pages))
    assert [int(row) for row in rows] == list(range(30))


@pytest.mark.browser
def test_repeated_heading_does_not_cover_the_first_row(print_pages):
    page = print_pages(table(30)).pages[1]
    heights = {}

    def visit(text, matrix, text_matrix, _font, _size):
        if text.strip():
            place = text_matrix[4] * matrix[1] + text_matrix[5] * matrix[3] + matrix[5]
            heights.setdefault(re.match(r"\S+", text.strip())[0], place)

    page.extract_text(visitor_text=visit)
    assert heights["公司抬头"] > heights["Heading"] > heights["Row"] + 15
    assert heights["Row"] > heights["Page"]


@pytest.mark.browser
def test_each_record_has_its_own_header_numbers_and_outline_entry(print_pages):
    reader = print_pages(table(30), table(3))
    pages = texts(reader)
    assert len(pages) == 4
    assert "Header 1" in pages[3]
    assert "Header 0" not in pages[3]
    assert "Page 1 / 1 of document 1" in pages[3]
    # Read as Odoo reads them to give each record its own file.
    root = reader.trailer["/Root"]
    node, first_pages = root["/Outlines"]["/First"], []
    while node:
        first_pages.append(root["/Dests"][node["/Dest"]][0])
        node = node.get("/Next")
    assert first_pages == [0, 3]


@pytest.mark.browser
def test_style_sheets_of_the_server_are_waited_for_and_get_the_cookie(print_pages):
    (page,) = texts(print_pages("<div>Body</div>"))
    assert "Body styled" in page
    assert "Header 0 styled" in page
    assert "of document 0 styled" in page


@pytest.mark.browser
def test_landscape_turns_the_paper(print_pages):
    reader = print_pages(table(1), options=["--orientation", "landscape"])
    box = reader.pages[0].mediabox
    sides = [round(float(side) / 72 * 25.4) for side in (box.width, box.height)]
    assert sides == [297, 210]


@pytest.mark.browser
def test_a_memory_limit_of_the_server_does_not_stop_the_browser(print_pages):
    def limit():
        _soft, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (2 * 1024**3, hard))

    assert len(print_pages(table(1), preexec_fn=limit).pages) == 1
