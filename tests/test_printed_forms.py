"""The printed forms as PDF: what has to be on each page is on each page."""

import io
import re
import unicodedata
import urllib.error

import pytest
from pypdf import PdfReader

pytestmark = pytest.mark.browser

HEADING = "Product and Configuration"
COMPANY = "Qingyuan Pump"
# the order of a product with many questions, with as many lines as wanted
MAKE_SHEET = """
line = env["sale.order.line"].search(
    [("configuration_categ_id", "!=", False), ("order_id.sheet_id", "!=", False)]
).sorted(lambda line: len(line.configuration_summary))[-1]
order = line.order_id.copy({{"order_line": False}})
for number in range({count}):
    line.copy({{"order_id": order.id}})
order.order_line.packaging_note = "Wooden case 熏蒸木箱"
env.cr.commit()
answers = line._get_configuration_answers()
result = [order.sheet_id.id, order.name, line.product_id.default_code, answers]
"""
MAKE_CONFIRMATION = (
    MAKE_SHEET
    + """
sheet = order.sheet_id
confirmation = env["order.desk.confirmation"].create(
    sheet._prepare_confirmation_vals(sheet._take_revisions()[sheet])
)
env.cr.commit()
result[0], result[1] = confirmation.id, confirmation.name
"""
)
MAKE_COPY = """
sheet = env["order.desk.sheet"].search([("order_code", "!=", False)], limit=1)
user = env["res.users"].search([("login", "=", "{login}")])
copy = env["order.desk.distribution"].create(
    {{"sheet_id": sheet.id, "user_id": user.id}}
)
env.cr.commit()
result = [copy.id, sheet.order_code, sheet.amount_total]
"""
# an employee who has nothing to do with orders
MAKE_STRANGER = """
env["res.users"].with_context(no_reset_password=True).create(
    {"name": "Stranger", "login": "stranger", "password": "stranger"}
)
env.cr.commit()
"""


def read_pages(content):
    """Return the text of each page, spaces and compatible characters made equal."""
    return [
        re.sub(r"\s+", " ", unicodedata.normalize("NFKC", page.extract_text()))
        for page in PdfReader(io.BytesIO(content)).pages
    ]


@pytest.fixture
def print_form(client):
    """Return a function: login, form and record in, the pages' texts out."""

    def run(login, form, record_id, language="en_US"):
        context = f"?context=%7B%22lang%22%3A%22{language}%22%7D"
        path = f"/report/pdf/order_desk.{form}/{record_id}{context}"
        return read_pages(client(login).download(path))

    return run


def test_sheet_with_one_line(odoo_shell, print_form):
    sheet_id, order, code, answers = odoo_shell(MAKE_SHEET.format(count=1))
    pages = print_form("clerk", "report_sheet", sheet_id)
    text = " ".join(pages)
    assert len(pages) == 1
    for expected in (COMPANY, "Page 1 / 1", HEADING, order, code, "Chief Engineer"):
        assert expected in text
    solid = text.replace(" ", "")
    for answer in (pair[1] for pair in answers):
        assert unicodedata.normalize("NFKC", answer).replace(" ", "") in solid


@pytest.mark.parametrize("language", ["en_US", "zh_CN"])
def test_sheet_with_60_lines(odoo_shell, print_form, language):
    sheet_id, order, code, _answers = odoo_shell(MAKE_SHEET.format(count=60))
    pages = print_form("clerk", "report_sheet_shop_floor", sheet_id, language)
    assert len(pages) > 1
    for number, text in enumerate(pages, 1):
        assert COMPANY in text
        assert order in text
        assert re.search(rf"\b{number} / {len(pages)}\b", text)
        # a line's block stays in one piece, below the repeated heading
        assert text.count(f"[{code}]") == text.count("熏蒸木箱")
    filled = [text for text in pages if f"[{code}]" in text]
    assert sum(text.count(f"[{code}]") for text in filled) == 60
    if language == "en_US":
        assert all(text.count(HEADING) == 1 for text in filled)
    else:
        assert "草稿" in pages[0]


def test_recipient_prints_the_own_copy_without_prices(odoo_shell, print_form):
    copy_id, order_code, total = odoo_shell(MAKE_COPY.format(login="workshop"))
    text = " ".join(print_form("workshop", "report_distribution_sheet", copy_id))
    assert order_code in text
    assert f"{total:,.2f}" not in text
    odoo_shell(MAKE_STRANGER)
    with pytest.raises(urllib.error.HTTPError):
        print_form("stranger", "report_distribution_sheet", copy_id)


@pytest.mark.parametrize("count", [1, 60])
def test_confirmation_says_everything_on_each_page(odoo_shell, print_form, count):
    confirmation_id, name, code, answers = odoo_shell(
        MAKE_CONFIRMATION.format(count=count)
    )
    pages = print_form("clerk", "report_confirmation", confirmation_id)
    for number, text in enumerate(pages, 1):
        assert COMPANY in text
        assert name in text
        assert f"Page {number} / {len(pages)}" in text
        # a line stays in one piece, below the repeated heading
        assert text.count(f"[{code}]") == text.count("熏蒸木箱")
        assert text.count(HEADING) == (f"[{code}]" in text)
    text = " ".join(pages)
    assert text.count(f"[{code}]") == count
    assert "Signature or stamp" in pages[-1]
    solid = text.replace(" ", "")
    for answer in (pair[1] for pair in answers):
        assert unicodedata.normalize("NFKC", answer).replace(" ", "") in solid
