"""All people's runs, on small logs of our own: groups, outliers, what is published twice, strips, and the pages."""

from __future__ import annotations

import re

import pytest

from scripts.logs.load import LoadedLog
from scripts.report.cohort import FEWEST, Band, Cohort, Group, band
from scripts.report.cohort_pages import cohort_pages, groups_table
from scripts.report.known import Known
from scripts.report.plots.strips import draw
from scripts.report.quantities import quantities
from scripts.report.results import Results, collect
from scripts.report.strips import strips
from tests.scripts.facts import inferred, log, trained


def cohort(*logs: LoadedLog) -> Cohort:
    return Cohort(collect(logs))


def known(runs: Cohort) -> Known:
    return quantities(runs.own, (), (), None, runs)


def one(runs: Cohort) -> Group:
    (group,) = runs.groups
    return group


def test_a_group_has_people_runs_median_and_range() -> None:
    group = one(cohort(trained("a", "p01", 100), trained("b", "p01", 104), trained("c", "p02", 110)))
    assert (group.people, group.runs) == (2, 3)
    assert (group.median, group.low, group.high) == (104, 100, 110)
    assert group.setting == 8


def test_runs_of_one_person_are_no_cohort() -> None:
    alone = cohort(trained("a", "p01", 100), trained("b", "p01", 104))
    assert (alone.systems, alone.groups, alone.spreads) == ((), (), ())
    assert cohort_pages(alone, known(alone), {}) == {}
    assert Cohort(Results(())).systems == ()


@pytest.mark.parametrize(("runs", "outliers"), [(FEWEST, ("far-1",)), (FEWEST - 1, ())])
def test_an_outlier_is_named_and_left_out_of_the_range_but_only_among_enough_runs(
    runs: int, outliers: tuple[str, ...]
) -> None:
    near = [trained(f"r{place}", f"p{place:02}", 100 + place) for place in range(runs - 1)]
    group = one(cohort(*near, trained("far", "p99", 40)))
    assert group.outliers == outliers
    assert group.low == (100 if outliers else 40)
    assert group.runs == runs


def test_the_same_job_of_two_people_counts_once_and_is_named() -> None:
    runs = cohort(
        trained("a", "p01", 100, job="7"), trained("b", "p02", 100, job="7"), trained("c", "p02", 90, job="8")
    )
    assert one(runs).members == ("a-1", "c-1")
    page = cohort_pages(runs, known(runs), {})["others.md"]
    assert re.search(r"p02.*<code>b-1</code>.*p01.*<code>a-1</code>", page)


def test_a_log_without_a_job_that_repeats_the_times_of_another_is_the_same_run() -> None:
    times = [f"{step * 1.013:.3f}" for step in range(30)]
    with_job = trained("a", "p01", 100, job="7", time=times)
    pasted = trained("b", "p02", 100, time=times, nodes=1)
    other = trained("c", "p03", 100, time=[f"{step * 1.017:.3f}" for step in range(30)])
    runs = cohort(with_job, pasted, other)
    assert one(runs).members == ("a-1", "c-1")
    assert runs.frame.at["b-1", "twice"] == "a-1"


def test_the_same_loss_in_two_jobs_is_no_repetition() -> None:
    loss = [7.5 - step / 100 for step in range(40)]
    runs = cohort(trained("a", "p01", 100, job="7", loss=loss), trained("b", "p02", 101, job="8", loss=loss))
    assert one(runs).runs == 2
    spread = {item.name: (item.different, item.step) for item in runs.spreads}
    assert spread["loss"] == (1, 40)
    assert spread["throughput"] == (2, None)


def test_what_is_the_same_in_every_run_is_told_from_what_scatters() -> None:
    runs = cohort(*(trained(f"r{n}", f"p0{n}", 100 + n, final_loss="8.12345", train_time=n) for n in (1, 2, 3)))
    page = cohort_pages(runs, known(runs), {})["others/sambanova.md"]
    same, scatters = page.partition("## The same in every run")[2].split("## What scatters")
    assert "final&#95;loss" in same
    assert "8.12345" in same
    assert "train&#95;time" in scatters.partition("## Every run")[0]
    assert "final&#95;loss" not in scatters.partition("## Every run")[0]


def test_two_releases_are_two_groups_and_a_release_that_a_log_does_not_state_is_one_only_then() -> None:
    old, unstated = trained("a", "p01", 100, sdk_version="1.1"), trained("b", "p02", 101)
    assert one(cohort(old, unstated)).runs == 2
    groups = cohort(old, unstated, trained("c", "p02", 102, sdk_version="1.2")).groups
    assert [group.variant for group in groups] == [(("sdk_version", value),) for value in ("", "1.1", "1.2")]
    assert len({group.anchor for group in groups}) == 3


def test_a_setting_that_no_log_states_is_a_group_of_its_own() -> None:
    bare = log("b", "p02", {"system": "SambaNova", "stage": "train", "outcome": "failed", "throughput": 90})
    groups = cohort(trained("a", "p01", 100), bare).groups
    assert [(group.setting, group.runs) for group in groups] == [(8, 1), (None, 1)]


def test_the_compiled_program_tells_the_setting_that_a_log_does_not_state() -> None:
    runs = cohort(
        inferred("a", "p01", 500, 900.25, sequence_length=64, workload="small"),
        inferred("b", "p02", 510, 900.25, workload="renamed"),
        inferred("c", "p03", 300, 450.5),
    )
    first, second = runs.groups
    assert (first.setting, first.runs, first.inferred) == (64, 2, 1)
    assert (second.setting, second.runs) == (None, 1)
    assert "(from its program)" in cohort_pages(runs, known(runs), {})["others.md"]


def test_compiles_and_runs_without_a_result_are_in_no_group() -> None:
    compiled = log("c", "p03", {"system": "SambaNova", "stage": "compile", "throughput": 1})
    killed = log("k", "p03", {"system": "SambaNova", "stage": "train", "outcome": "killed", "ntasks": 8})
    runs = cohort(trained("a", "p01", 100), trained("b", "p02", 101), compiled, killed)
    assert one(runs).members == ("a-1", "b-1")
    page = cohort_pages(runs, known(runs), {})["others/sambanova.md"]
    assert "<code>k-1</code>" in page
    assert "<code>c-1</code>" not in page


def test_a_question_is_answered_by_two_settings_that_nothing_else_differs_in() -> None:
    runs = cohort(
        trained("a", "p01", 100),
        trained("b", "p01", 190, tasks=16),
        trained("c", "p02", 100),
        trained("d", "p03", 100, batch_size=1),
        trained("e", "p03", 190, tasks=16, batch_size=2),
    )
    assert runs.answered().unstack()["SambaNova"].to_dict() == {"p01": True, "p02": False, "p03": False}
    page = cohort_pages(runs, known(runs), {})["others.md"]
    assert len(re.findall(r"\| answered: ", page)) == 1
    assert len(re.findall(r"\| open: ", page)) == 2


def test_a_strip_has_a_dot_for_every_run_by_its_distance_from_the_median() -> None:
    runs = cohort(
        *(trained(f"r{place}", f"p{place:02}", 100 + place) for place in range(5)),
        trained("far", "p99", 51),
        trained("alone", "p01", 300, tasks=32),
    )
    shown = strips(runs, "SambaNova")
    assert shown is not None
    (row,) = shown.rows
    assert row.label == "tasks 8\nn = 6"
    assert len(row.dots) == 6
    by_run = {dot.run: dot for dot in row.dots}
    assert by_run["r0-1"].percent == pytest.approx(100 * (100 - 101.5) / 101.5)
    assert [dot.person for dot in row.dots if dot.outlier] == ["p99"]
    assert shown.edge < 5
    assert shown.title == "Runs of one setting span up to 4 %"
    assert strips(cohort(trained("a", "p01", 1), trained("b", "p02", 2, tasks=4)), "SambaNova") is None


def test_runs_beyond_the_axis_are_named_where_there_is_room_for_their_names() -> None:
    near = [trained(f"r{place}", f"p{place:02}", 100 + place) for place in range(12)]
    far = [trained(f"far{place}", f"p9{place}", 51.25 + place) for place in range(3)]
    shown = strips(cohort(*near, *far), "SambaNova")
    picture = draw(shown) if shown is not None else None
    assert picture is not None
    assert b">p90 51.25, p91 52.25, p92 53.25<" in picture.svgs["figures/all-sambanova.svg"]
    assert b">3 runs: 51.25 to 53.25<" in picture.svgs["figures/all-sambanova-narrow.svg"]


def test_the_band_beside_a_run_is_the_range_of_its_group() -> None:
    logs = [trained(f"r{place}", f"p{place:02}", 100 + place) for place in range(6)]
    runs = cohort(*logs, trained("far", "p99", 51), trained("alone", "p01", 300, tasks=32))
    run = runs.own.runs[0]
    found = band(known(runs), run, "throughput", 8)
    assert found == Band("7", 100, 105, (51,))
    assert band(known(runs), run, "throughput", 32) is None
    assert band(known(runs), run, "throughput", None) is None
    assert band(quantities(runs.own, (), ()), run, "throughput", 8) is None


def test_runs_whose_facts_alone_are_at_hand_have_their_values_on_the_page() -> None:
    runs = Cohort(collect([trained("a", "somebody", 100)]), collect([trained("p02/01", "p02", 123.5)]))
    pages = cohort_pages(runs, known(runs), {})
    assert set(pages) == {"others.md", "others/sambanova.md"}
    assert not re.search("somebody", "".join(pages.values()))
    page = pages["others/sambanova.md"]
    assert '<a id="p02-01-1-throughput"></a>[123.5](#p02-01-1-throughput)' in page
    assert "[100.0](../runs/a-1.md#throughput)" in page
    assert f"<code>{runs.runs['p02-01-1'].entry.sha256[:12]}</code> <code>line 5</code>" in page


def test_every_link_within_the_pages_leads_to_an_anchor() -> None:
    logs = [trained(f"r{place}", f"p{place:02}", 100 + place, loss=[5.5, 5.25]) for place in range(5)]
    others = [trained("p90/01", "p90", 51), inferred("p91/01", "p91", 9, 5), inferred("p92/01", "p92", 8, 5)]
    runs = Cohort(collect(logs), collect(others))
    pages = cohort_pages(runs, known(runs), {})
    for path, text in pages.items():
        anchors = re.findall(r'<a id="([^"]+)">', text)
        assert len(anchors) == len(set(anchors))
        for target in re.findall(r"\]\(#([^)]+)\)", text):
            assert target in anchors
        addresses = [address.partition("#") for address in known(runs)]
        assert {place for page, _, place in addresses if page == path} <= set(anchors)
    block = groups_table(runs.of("SambaNova"), runs, known(runs), "sambanova.md")
    assert "(others/sambanova.md#throughput-8-low)" in block
    assert "<a id=" not in block
