"""Tables are looked at, then taken whole: any common shape, every broken row named."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.translation import override
from openpyxl import Workbook

from localities.choices import OrganisationKind, Role, Side
from localities.models import (
    ImportDraft,
    Locality,
    Membership,
    Organisation,
    Region,
    Seat,
)
from localities.services.import_plans import BROKEN, CHANGED, NEW, SAME, SHAPES, plan
from localities.services.importing import Broken, keep_draft, take_draft
from localities.services.inviting import NotYours
from localities.services.tables import NotATable, rows_of
from loci.accounts.models import User
from tests import make
from tests.make import NOW, TODAY

pytestmark = pytest.mark.django_db
HEAD = "Slug;Name;Level;Country;ISO;Region;Languages;Phase;Government;Civil society"


def line(slug, name="Place", **facts):
    given = {
        "level": "city",
        "country": "Kosovo",
        "iso": "XK",
        "region": "cee",
        "languages": "sq,en",
        "phase": "use",
        "government": "City",
        "civil_society": "Open Eyes",
    } | facts
    return ";".join([slug, name, *given.values()])


def table(*lines, head=HEAD):
    return "\n".join([head, *lines]).encode()


@pytest.fixture
def coordinator():
    make.region("cee")
    return make.coordinator()


def draft(coordinator, content, kind="localities", name="file.csv"):
    return keep_draft(kind=kind, content=content, name=name, by=coordinator, now=NOW)


def take(coordinator, content, kind="localities"):
    return take_draft(draft=draft(coordinator, content, kind), by=coordinator, on=TODAY)


def states(found):
    return [(row.number, row.state) for row in found.findings]


def words(content, kind="localities"):
    found = plan(kind=kind, rows=rows_of(content, "x.csv"))
    return " ".join(row.words for row in found.findings if row.state == BROKEN)


def test_nothing_is_written_before_the_yes_and_then_all_of_it(coordinator):
    content = table(
        line("prishtina", "Prishtinë"), line("kutaisi", "ქუთაისი", iso="GE")
    )

    looked = draft(coordinator, content)
    assert states(plan(kind="localities", rows=looked.rows)) == [(2, NEW), (3, NEW)]
    assert not Locality.objects.exists()
    take_draft(draft=looked, by=coordinator, on=TODAY)

    place = Locality.objects.get(slug="prishtina")
    assert (place.name, place.country_code, place.is_listed) == (
        "Prishtinë",
        "XK",
        False,
    )
    assert place.seats.count() == 2
    assert Locality.objects.filter(name="ქუთაისი").exists()
    assert Organisation.objects.filter(kind__in=Side.values).count() == 2
    assert not ImportDraft.objects.exists()
    again = plan(kind="localities", rows=rows_of(content, "x.csv"))
    assert states(again) == [(2, SAME), (3, SAME)]


def test_another_holder_and_another_phase_are_changes_that_keep_history(coordinator):
    take(coordinator, table(line("prishtina")))
    changed = table(line("prishtina", phase="build", government="New City"))
    found = plan(kind="localities", rows=rows_of(changed, "x.csv"))
    assert states(found) == [(2, CHANGED)]
    assert "phase: use → build" in found.findings[0].words
    assert "Government → New City" in found.findings[0].words

    take(coordinator, changed)

    seats = Seat.objects.filter(side=Side.GOVERNMENT).order_by("pk")
    assert [row.until for row in seats] == [TODAY, None]


def test_one_broken_row_of_many_stops_all_and_says_why(coordinator):
    lines = [line(f"place-{number}") for number in range(5_000)]
    for number, broken in (
        (10, line("Homograph-\u0430")),
        (20, line("place-20", iso="Kosovo")),
        (30, line("place-30", region="moon")),
    ):
        lines[number] = broken
    looked = draft(coordinator, table(*lines))

    found = plan(kind="localities", rows=looked.rows)

    assert (found.count(BROKEN), found.count(NEW)) == (3, 4_997)
    assert [row.number for row in found.findings if row.state == BROKEN] == [12, 22, 32]
    with pytest.raises(Broken, match="3"):
        take_draft(draft=looked, by=coordinator, on=TODAY)
    assert not Locality.objects.exists()


def test_five_thousand_rows_are_taken(coordinator, django_assert_max_num_queries):
    looked = draft(coordinator, table(*(line(f"p-{n}") for n in range(5_000))))

    with django_assert_max_num_queries(60):
        take_draft(draft=looked, by=coordinator, on=TODAY)

    assert Locality.objects.count() == 5_000
    assert Seat.objects.count() == 10_000


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (line("x", level="galaxy"), "no level"),
        (line("x", languages=""), "without languages"),
        (line("x", "") , "without name"),
        (line("раіs"), "small letters"),  # noqa: RUF001  # a slug that only looks right
        (line("x", government="Same", civil_society="same"), "both sides"),
        (line("x") + "\n" + line("x"), "stands in row 2 already"),
    ],
)  # fmt: skip
def test_each_kind_of_broken_row_is_said_in_words(coordinator, broken, said):
    assert said in words(table(broken))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
def test_cyrillic_in_any_common_encoding(encoding):
    text = "name;kind\nКиїв, Дніпро;government\n"  # noqa: RUF001

    rows = rows_of(text.encode(encoding), "x.csv")

    assert rows == [{"name": "Київ, Дніпро", "kind": "government"}]


def test_western_letters_of_windows_and_every_separator():
    for sign in ";,\t|":
        content = f'name{sign}kind\n"Bogotá{sign} año"{sign}government\n'

        rows = rows_of(content.encode("cp1252"), "x.csv")

        assert rows == [{"name": f"Bogotá{sign} año".strip(), "kind": "government"}]


def test_a_sheet_and_its_numbers_and_guards():
    book = Workbook()
    book.active.append(["Name", "Kind", "Population"])
    book.active.append(["'=Tricky", "government", 5000.0])
    book.active.append([None, None, None])
    content = io.BytesIO()
    book.save(content)

    rows = rows_of(content.getvalue(), "x.xlsx")

    assert rows == [{"name": "=Tricky", "kind": "government", "population": "5000"}]


@pytest.mark.parametrize(
    "content",
    [b"", b"name;kind\n", b"PK\x03\x04 not a sheet", b"x" * 5_000_001],
    ids=["empty", "no rows", "no sheet", "too large"],
)
def test_what_is_no_table_is_refused_in_words(content):
    with pytest.raises(NotATable) as refusal:
        rows_of(content, "x.csv")
    assert str(refusal.value)


def test_persons_come_to_their_places(coordinator):
    take(coordinator, table("Open Eyes,partner", head="name,kind"), "organisations")
    known = make.person()
    content = table(
        "ana@example.org,open eyes,Ana,expert,es",
        f"{known.email.upper()},Open Eyes,,,",
        head="email,organisation,name,role,language",
    )

    found = take(coordinator, content, "persons")

    assert states(found) == [(2, NEW), (3, CHANGED)]
    ana = User.objects.get(email="ana@example.org")
    assert (ana.name, ana.language, ana.has_usable_password()) == ("Ana", "es", False)
    assert ana.memberships.get().role == Role.EXPERT
    assert known.memberships.get().role == Role.MEMBER
    head = "email,organisation,role"
    for row, said in (
        ("nobody,Open Eyes,", "not an e-mail"),
        ("b@example.org,Nowhere,", "no organisation"),
        ("b@example.org,Open Eyes,king", "no role"),
    ):
        assert said in words(table(row, head=head), "persons")
    assert Membership.objects.filter(organisation__name="Open Eyes").count() == 2


def test_hubs_import_nothing(coordinator):
    hub = make.hub_coordinator()
    with pytest.raises(NotYours):
        draft(hub, table(line("x")))
    looked = draft(coordinator, table(line("x")))
    with pytest.raises(NotYours):
        take_draft(draft=looked, by=hub, on=TODAY)


def test_the_pages_of_the_import(coordinator, signed_in):
    client = signed_in(coordinator)
    address = reverse("admin:localities_import")

    def send(content, name="file.csv", kind="localities"):
        file = SimpleUploadedFile(name, content)
        return client.post(address, {"kind": kind, "file": file}, follow=True)

    large = send(b"x" * 6_000_000)
    assert "larger than 5 MB" in large.content.decode()
    hostile = send(table(line("x", "<script>alert(1)</script>", level="<b>")))
    assert "<script>alert" not in hostile.content.decode()
    assert "cannot be taken" in hostile.content.decode()
    assert "Take all of it" not in hostile.content.decode()
    good = send(table(line("here")))
    page = good.redirect_chain[-1][0]
    assert "Take all of it" in good.content.decode()
    assert not Locality.objects.exists()
    stranger = signed_in(make.coordinator())
    assert stranger.get(page).status_code == 404
    client.post(page)

    assert Locality.objects.get().slug == "here"
    assert client.get(page).status_code == 404


def test_words_are_taken_by_code_or_by_name(coordinator):
    Region.objects.filter(code="cee").update(name="Central and Eastern Europe")
    named = {
        "level": "Group of municipalities",
        "region": "Central and  Eastern Europe",
        "phase": "Exploring",
    }
    with override("es"):
        take(coordinator, table(line("here", **named)))

    here = Locality.objects.get()
    assert (here.level, here.region.code, here.phase) == (
        "consortium",
        "cee",
        "explore",
    )


def test_the_import_says_which_words_it_takes(coordinator, signed_in):
    page = signed_in(coordinator).get(reverse("admin:localities_import"))

    assert "explore (Exploring), design, map" in page.content.decode()
    assert "civil_society (Civil society organisation)" in page.content.decode()


def test_columns_that_nobody_knows_are_named_before_anything_is_written(
    coordinator, signed_in
):
    head = f"{HEAD};Mayor;Web site;<b>"
    content = table(f"{line('here')};Somebody;example.org;x", head=head)
    file = SimpleUploadedFile("file.csv", content)

    found = plan(kind="localities", rows=rows_of(content, "x.csv"))
    page = signed_in(coordinator).post(
        reverse("admin:localities_import"),
        {"kind": "localities", "file": file},
        follow=True,
    )

    assert found.unread == ("mayor", "web_site", "<b>")
    assert "These columns are not read:" in page.content.decode()
    assert "mayor" in page.content.decode()
    assert "web_site" in page.content.decode()
    assert "&lt;b&gt;" in page.content.decode()
    assert plan(kind="localities", rows=rows_of(table(line("x")), "x.csv")).unread == ()


def test_each_example_has_every_column_and_is_taken_as_it_is(coordinator, signed_in):
    client = signed_in(coordinator)
    taken = {}
    for kind, shape in SHAPES.items():
        address = reverse("admin:localities_import_example", args=[kind])
        answer = client.get(address)
        content = answer.content
        rows = rows_of(content, f"{kind}.csv")
        assert set(rows[0]) == {*shape.needed, *shape.optional}
        assert all(rows[0].values()), "an example shows a value of every column"
        assert b";" in content.splitlines()[0]
        taken[kind] = states(take(coordinator, content, kind))
        again = plan(kind=kind, rows=rows)
        assert {row.state for row in again.findings} == {SAME}
        assert again.unread == ()

    assert {state for found in taken.values() for _number, state in found} == {NEW}
    assert Locality.objects.get().seats.count() == 2
    assert Membership.objects.filter(role=Role.MEMBER).count() == 2
    unknown = reverse("admin:localities_import_example", args=["weather"])
    assert client.get(unknown).status_code == 404


def test_an_organisation_of_the_same_name_on_the_other_side_is_another(coordinator):
    Organisation.objects.create(name="City", kind=OrganisationKind.PARTNER)

    take(coordinator, table(line("here")))

    assert Organisation.objects.filter(name="City").count() == 2
