"""The report: one file, opened in a real browser."""

from pathlib import Path

import pytest

from wayfellow.matching.charts import load_chart, score_chart
from wayfellow.matching.figures import Bin, Load
from wayfellow.matching.pipeline import run_match
from wayfellow.matching.report import PAIRS_SHOWN, render_report

AXE = Path(__file__).parents[2] / "browser" / "vendor" / "axe-core-4.14.1" / "axe.min.js"
EVIL = '<script>document.title="owned"</script>'


def report(result):
    names = [{key: f"{key} {EVIL}" for key in pool.keys} for pool in (result.problem.mentees, result.problem.mentors)]
    return render_report(result, *names, {"score": 0.25})


@pytest.fixture(scope="module")
def filled(words_host, make_problem):
    mentees = {f"e{i:04}": f"w{i % 11} w{i % 5} {EVIL}" for i in range(PAIRS_SHOWN + 60)}
    mentors = {f"r{j:02}": (f"w{j} w{j + 1} w{j % 5}", 3 * j) for j in range(20)}
    return report(run_match(make_problem(mentees | {"e_silent": ""}, mentors), words_host))


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_it_opens_from_a_file_without_complaint(filled, browser, tmp_path, scheme, width):
    file = tmp_path / "report.html"
    file.write_text(filled, encoding="utf-8")
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    complaints, asked = [], []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    assert complaints == []
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert "owned" not in page.title()
    assert page.locator("h1").count() == 1
    charts = page.locator("svg[role=img]")
    assert charts.count() == 2
    assert all(chart.get_attribute("aria-label") for chart in charts.all())
    assert page.locator(".side table").count() == 3
    page.add_script_tag(path=AXE)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert [(item["id"], item["nodes"][0]["html"][:200]) for item in found["violations"]] == []
    page.close()


def test_it_says_when_it_shows_a_part(filled):
    assert f"The first {PAIRS_SHOWN} of" in filled
    assert EVIL not in filled
    assert "Nothing is written in this person&#39;s profile" in filled


@pytest.mark.parametrize(("mentees", "mentors"), [({}, {}), ({"a": ""}, {"b": ("", 0)}), ({"a": "x"}, {"b": ("x", 1)})])
def test_small_and_empty_results_have_a_report(words_host, make_problem, mentees, mentors):
    text = report(run_match(make_problem(mentees, mentors), words_host))
    assert "</html>" in text
    assert ("The pairs" in text) == bool(mentees.get("a"))


def test_charts_stay_inside_their_frame():
    for counts in ([1], [0, 7, 100_000], [5] * 60):
        scores = score_chart([Bin(i / 10, (i + 1) / 10, n) for i, n in enumerate(counts)], 0.05)
        loads = load_chart([Load(i, n, n // 2) for i, n in enumerate(counts)])
        for chart in (scores, loads):
            for bar in chart.bars:
                assert chart.left <= bar.x
                assert bar.x + bar.width <= chart.right + 0.5
                assert bar.y >= 0
                assert bar.width > 0
