"""Divisions of Jiangxi: complete, found by code, name, place and day."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shuzheng.engines.vocabulary import facts, queries
from shuzheng.engines.vocabulary.errors import OutsideBoundaries, UnknownDivision
from shuzheng.engines.vocabulary.models import Division, DivisionBoundary, DivisionChange
from shuzheng.kernel.declaration import Manifest

pytestmark = pytest.mark.usefixtures("vocabulary")

MANIFEST = Manifest(code="jiangxi-divisions", title="江西", version="2023.6.30", effective=date(2023, 6, 30))


def test_all_five_levels_of_jiangxi_are_complete() -> None:
    counts = [queries.current().filter(level=level).count() for level in range(1, 6)]
    assert counts == [1, 11, 100, 1767, 22080]


def test_a_division_knows_its_place_in_the_tree() -> None:
    found = queries.division("360702")
    assert (found.code, found.name, found.full_name) == ("360702000000", "章贡区", "江西省赣州市章贡区")
    assert (found.path, found.parent_code, found.short_code) == ("36.3607.360702", "360700000000", "360702")
    assert [above.name for above in queries.ancestors("360702")] == ["江西省", "赣州市"]


def test_paths_follow_from_codes_at_every_level() -> None:
    for level in range(1, 6):
        division = queries.current().filter(level=level).order_by("-code")[0]
        assert queries.path(division.code) == queries.path(division.short_code) == division.path
        assert len(division.path.split(".")) == level


def test_every_division_below_the_province_has_a_parent() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM vocabulary_division d LEFT JOIN vocabulary_division p ON p.code = d.parent_code"
            " WHERE d.level > 1 AND (p.code IS NULL OR NOT p.path @> d.path OR p.level <> d.level - 1)"
        )
        assert cursor.fetchone() == (0,)


def test_an_unknown_code_is_refused_in_plain_words() -> None:
    with pytest.raises(UnknownDivision, match="没有代码为“999999”的行政区划"):
        queries.division("999999")


def test_many_divisions_come_in_one_statement() -> None:
    with CaptureQueriesContext(connection) as statements:
        found = queries.divisions(["36", "360702", "360703000000", "000000"])
    assert {code: division.name for code, division in found.items()} == {
        "36": "江西省",
        "360702": "章贡区",
        "360703000000": "南康区",
    }
    assert len(statements) == 1


def test_children_page_by_key_without_gap_or_repetition() -> None:
    names, after = [], None
    while True:
        page = queries.children("3607", after=after, size=5)
        names += [division.name for division in page.items]
        after = page.next
        if after is None:
            break
    assert len(names) == len(set(names)) == 18
    assert names[0] == "章贡区"
    assert [division.name for division in queries.children().items] == ["江西省"]


@pytest.mark.parametrize(
    ("text", "first"),
    [("章贡", "章贡区"), ("赣州 南康", "南康区"), ("江西", "江西省"), ("庐山", "庐山市"), ("九江市", "九江市")],
)
def test_a_name_is_found_topmost_level_first(text: str, first: str) -> None:
    assert queries.search(text)[0].division.name == first


def test_a_search_stays_within_its_scope_and_level() -> None:
    hits = queries.search("解放", within="3607", level=4)
    assert hits
    assert all(hit.division.path.startswith("36.3607.") and hit.division.level == 4 for hit in hits)


def test_a_former_name_leads_to_the_present_division() -> None:
    found = {hit.division.name: hit.former_name for hit in queries.search("星子县")}
    assert found == {"庐山市": "星子县"}
    first = queries.search("南康市")[0]
    assert (first.division.name, first.former_name) == ("南康区", "南康市")


def test_a_misspelt_name_finds_the_likeliest() -> None:
    assert "红谷滩区" in [hit.division.name for hit in queries.search("红古滩区")]


def test_a_search_costs_a_fixed_number_of_statements() -> None:
    with CaptureQueriesContext(connection) as statements:
        queries.search("县")
    assert len(statements) <= 8
    with CaptureQueriesContext(connection) as statements:
        queries.search("上饶市")
    assert len(statements) <= 8


@pytest.mark.parametrize(
    ("longitude", "latitude", "name"),
    [
        (114.9350, 25.8450, "章贡区"),  # Yugu Terrace, Ganzhou
        (115.8970, 28.6835, "东湖区"),  # Bayi Park, Nanchang
        (115.8580, 28.6980, "红谷滩区"),
        (114.7653, 25.6613, "南康区"),
        (115.9926, 29.7405, "浔阳区"),  # Xunyang Tower, Jiujiang
        (117.9434, 28.4546, "信州区"),
        (115.9814, 29.5628, "庐山市"),  # Guling
    ],
)
def test_a_point_lies_in_its_county(longitude: float, latitude: float, name: str) -> None:
    assert queries.division_at(longitude, latitude).name == name


def test_a_point_outside_the_province_lies_in_no_county() -> None:
    with pytest.raises(OutsideBoundaries, match="不在已知的行政区划范围内"):
        queries.division_at(116.40, 39.90)


def test_the_point_kept_of_each_county_lies_inside_it() -> None:
    counties = queries.current().filter(level=3)
    found = {c.code: queries.division_at(c.longitude or 0, c.latitude or 0).code for c in counties}
    assert len(found) == 100
    assert all(code == inside for code, inside in found.items())


def test_a_point_is_found_with_one_statement_once_the_index_is_read() -> None:
    queries.division_at(114.9350, 25.8450)
    with CaptureQueriesContext(connection) as statements:
        queries.division_at(114.9350, 25.8450)
    assert len(statements) == 1


def test_boundaries_cover_province_cities_and_counties() -> None:
    codes = set(DivisionBoundary.objects.values_list("code", flat=True))
    assert codes == set(queries.current().filter(level__lte=3).values_list("code", flat=True))
    collection = queries.boundary_collection(["3607"])
    assert [f["properties"]["name"] for f in collection["features"]] == ["赣州市"]


def test_counties_fill_their_city_without_gap_or_overlap() -> None:
    from shapely import union_all
    from shapely.geometry import shape

    shapes = {b.code: shape(b.geometry) for b in DivisionBoundary.objects.filter(code__startswith="3607")}
    city = shapes.pop("360700000000")
    assert union_all(list(shapes.values())).symmetric_difference(city).area < 1e-9
    assert sum(county.area for county in shapes.values()) == pytest.approx(city.area)


@pytest.mark.parametrize(
    ("old", "present"),
    [
        ("360782", "360703"),  # 南康市 → 南康区
        ("360721", "360704"),  # 赣县 → 赣县区
        ("360421", "360404"),  # 九江县 → 柴桑区
        ("360427", "360483"),  # 星子县 → 庐山市
        ("361122", "361103"),  # 广丰县 → 广丰区
        ("360105", "360112"),  # 湾里区 → 新建区
        ("360122", "360112"),  # 新建县 → 新建区
        ("360727", "360783"),  # 龙南县 → 龙南市
        ("362101", "360702"),  # 县级赣州市 → 章贡区
        ("362132", "360731"),  # 于都县, renumbered with Ganzhou in 1998
        ("362100", "3607"),  # 赣州地区 → 赣州市
        ("360702", "360702"),
    ],
)
def test_a_code_leads_to_its_present_division(old: str, present: str) -> None:
    found = queries.successor(old)
    assert found is not None
    assert found.short_code == present


def test_every_code_of_the_past_leads_somewhere() -> None:
    """Only divisions of which the sources know no successor may end in nothing."""
    codes = set(DivisionChange.objects.exclude(old_code="").values_list("old_code", flat=True))
    lost = sorted(code for code in codes if queries.successor(code) is None)
    assert lost == ["360411000000"]


def test_a_reused_code_leads_to_whoever_held_it_on_that_day() -> None:
    then, later = queries.successor("362121", date(1981, 6, 1)), queries.successor("362121", date(1990, 6, 1))
    assert then is not None
    assert later is not None
    assert (then.name, later.name) == ("柴桑区", "赣县区")


@pytest.mark.parametrize(
    ("code", "day", "name", "certain"),
    [
        ("360782", date(2010, 1, 1), "南康市", True),
        ("360782", date(2020, 1, 1), None, True),
        ("360703", date(2010, 1, 1), None, True),
        ("360703", date(2020, 1, 1), "南康区", True),
        ("360782", date(2013, 6, 1), "南康市", False),
        ("362121", date(1981, 6, 1), "九江县", True),
        ("362121", date(1990, 6, 1), "赣县", True),
        ("362121", date(1999, 6, 1), None, True),
        ("361128", date(2001, 1, 1), "波阳县", True),
        ("361128", date(2005, 1, 1), "鄱阳县", True),
        ("360111", date(2000, 1, 1), "郊区", True),
        ("360722", date(2000, 1, 1), "信丰县", True),
        ("36", date(2000, 1, 1), "江西省", True),
        ("999999", date(2000, 1, 1), None, True),
    ],
)
def test_a_code_names_what_it_named_on_that_day(code: str, day: date, name: str | None, certain: bool) -> None:
    meaning = queries.code_on(code, day)
    assert (meaning.name if meaning else None) == name
    assert meaning is None or meaning.certain is certain


def test_the_history_of_a_village_is_told_as_uncertain() -> None:
    village = queries.current().filter(level=5)[0]
    meaning = queries.code_on(village.code, date(2015, 1, 1))
    assert meaning is not None
    assert (meaning.name, meaning.certain) == (village.name, False)


def test_present_codes_of_the_last_change_agree_with_the_present_edition() -> None:
    """Whatever the changes say a code names today is what the edition of 2023 calls it."""
    for division in queries.current().filter(level__in=(2, 3)):
        meaning = queries.code_on(division.code, date(2023, 6, 30))
        assert meaning is not None, division
        assert meaning.name == division.name


def test_loading_the_divisions_again_changes_nothing_and_takes_under_three_seconds(base_packs: Path) -> None:
    folder = base_packs / "jiangxi-divisions" / "divisions"
    started = time.perf_counter()
    counts = facts.load_divisions(folder / "divisions.csv", MANIFEST)
    assert time.perf_counter() - started < 3
    assert (counts.inserted, counts.updated, counts.unchanged) == (0, 0, 23959)
    changes = facts.load_changes(folder / "changes.csv", MANIFEST)
    assert (changes.inserted, changes.updated, changes.unchanged) == (0, 0, 224)
    boundaries = facts.load_boundaries(folder / "boundaries.geojson", MANIFEST)
    assert (boundaries.inserted, boundaries.updated, boundaries.unchanged) == (0, 0, 112)


def test_loading_the_divisions_into_an_empty_table_takes_under_three_seconds(base_packs: Path) -> None:
    Division.objects.all().delete()
    started = time.perf_counter()
    counts = facts.load_divisions(base_packs / "jiangxi-divisions" / "divisions" / "divisions.csv", MANIFEST)
    assert time.perf_counter() - started < 3
    assert counts.inserted == 23959


def test_a_newer_edition_renames_adds_and_ends(tmp_path: Path) -> None:
    rows = [f"{d.short_code},{d.name},,," for d in queries.current().filter(level__lte=2)]
    rows = [row.replace("赣州市", "新赣州市") for row in rows if "萍乡市" not in row] + ["3699,新设市,,,"]
    file = tmp_path / "divisions.csv"
    file.write_text("code,name,longitude,latitude,valid_from\n" + "\n".join(rows), encoding="utf-8")
    counts = facts.load_divisions(file, MANIFEST)
    assert counts.inserted == 1
    assert queries.division("3607").full_name == "江西省新赣州市"
    assert queries.division("3603").valid_to is not None
    assert not queries.is_division("3603")
    assert queries.is_division("3699")


def test_a_broken_file_is_told_line_by_line(tmp_path: Path) -> None:
    file = tmp_path / "divisions.csv"
    file.write_text(
        "code,name,longitude,latitude,valid_from\n36,江西省,,,\n3601,,,,\n360x,甲,,,\n370101,乙,,,\n36,江西省,,,\n",
        "utf-8",
    )
    problems = [(p.line, p.message) for p in facts.check_divisions(file)]
    assert problems == [
        (3, "区划代码“3601”没有名称"),
        (4, "区划代码“360x”应为 2、4、6、9 或 12 位数字"),
        (5, "区划“乙”的上级 3701 不在它之前"),
        (6, "区划代码“36”写了两次"),
    ]
    file.write_text("year,kind,old_code,old_name,new_code,new_name,document,url,note\n3013,moved,1,,,,,,\n", "utf-8")
    assert {p.line for p in facts.check_changes(file)} == {2}
    assert len(list(facts.check_changes(file))) == 3
    file.write_text('{"features":[{"id":"36","geometry":{"type":"Point","coordinates":[1,2]}}]}', "utf-8")
    assert len(list(facts.check_boundaries(file))) == 1
    file.write_text("[]", "utf-8")
    assert len(list(facts.check_boundaries(file))) == 1
