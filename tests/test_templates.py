"""What every page promises: no inline code, a label for each input, words that translate."""

import gzip
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template import engines

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
COMPONENTS = sorted((ROOT / "templates" / "components").glob("*.html"))
NAME = "LOCI"
SPOKEN = re.compile(  # a data attribute of several words is said to somebody
    r'\s(?:alt|title|aria-label|placeholder)="([^"]*)"|\sdata-[a-z-]+="([^"]* [^"]*)"'
)
GIVEN = re.compile(  # words must come as _("…"); "without" holds names of attributes
    r'(?<!without)(?:=|firstof (?:[\w.]+ )*)"([A-Z][^"]*|[^"]* [^"]*)"'
)
SIGNS = str.maketrans(dict.fromkeys("\N{EN DASH}\N{EM DASH}\N{MIDDLE DOT}", " "))
BUDGETS = {"css/loci.css": 14_000, "css/admin.css": 14_000}

every_template = pytest.mark.parametrize(
    "path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates"))
)


def without_comments(source: str) -> str:
    source = re.sub(r"{#.*?#}", "", source)
    return re.sub(r"{% comment .*?{% endcomment %}", "", source, flags=re.DOTALL)


def markup(source: str) -> str:
    """The HTML alone: tags of the language gone, values named by their variable."""
    source = without_comments(source)
    source = re.sub(
        r"{% blocktrans.*?{% endblocktrans\w* %}", "", source, flags=re.DOTALL
    )
    source = re.sub(r"{%.*?%}", "", source, flags=re.DOTALL)
    return re.sub(r"{{\s*([^}|]*).*?}}", r"[\1]", source, flags=re.DOTALL)


@every_template
def test_no_inline_code_or_style(path: Path):
    html = markup(path.read_text())

    inline = re.findall(r"<style\b|\sstyle\s*=|\son[a-z]+\s*=", html)
    scripts = re.findall(r"<script\b(?![^>]*\bsrc=)[^>]*>", html)
    runnable = [tag for tag in scripts if 'type="application/json"' not in tag]

    assert inline + runnable == []


@pytest.mark.parametrize(
    "path",
    [path for path in TEMPLATES if "loci" not in path.parts[len(ROOT.parts) :]],
    ids=lambda path: str(path.relative_to(ROOT / "templates")),
)  # the form pack is tested as it renders, below
def test_every_input_has_a_label(path: Path):
    html = markup(path.read_text())

    inputs = re.findall(r"<(?:input|select|textarea)\b[^>]*>", html)
    labelled = set(re.findall(r'<label\b[^>]*\bfor="([^"]+)"', html))
    nameless = [
        tag
        for tag in inputs
        if not re.search(r'type="(hidden|submit)"|aria-label', tag)
        and not labelled & set(re.findall(r'\bid="([^"]+)"', tag))
    ]

    assert nameless == []


@every_template
def test_every_text_can_be_translated(path: Path):
    html = markup(path.read_text())
    html = re.sub(r"<script\b.*?</script>", "", html, flags=re.DOTALL)

    texts = re.sub(r"<[^>]+>", "\n", html).splitlines()
    texts += ["".join(pair) for pair in SPOKEN.findall(html)]
    fixed = [re.sub(r"\[[^\]]*\]", "", text.translate(SIGNS)).strip() for text in texts]

    assert {text for text in fixed if re.search(r"[^\W\d_]{2}", text)} <= {NAME}


@every_template
def test_every_text_given_to_a_component_can_be_translated(path: Path):
    source = without_comments(path.read_text())

    tags = re.findall(r"{% (?:include|with|firstof) .*?%}", source)
    given = [text for tag in tags for text in GIVEN.findall(tag)]

    assert given == []


@every_template
def test_every_static_file_exists(path: Path):
    named = re.findall(r"{% static ['\"]([^'\"]+)", path.read_text())

    assert [name for name in named if finders.find(name) is None] == []


@every_template
def test_components_see_only_their_arguments(path: Path):
    source = without_comments(path.read_text())

    included = re.findall(r"{% include ['\"]components/[^%]*%}", source)

    assert [tag for tag in included if not tag.endswith(" only %}")] == []


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.stem)
def test_components_name_their_arguments_on_line_one(path: Path):
    assert path.read_text().startswith("{# Arguments: ")


def test_stylesheets_keep_their_budget():
    weights = {
        name: len(gzip.compress((ROOT / "static" / name).read_bytes(), 9))
        for name in BUDGETS
    }

    assert {name: n for name, n in weights.items() if n > BUDGETS[name]} == {}


def test_scripts_keep_their_budget():
    scripts = sorted((ROOT / "static" / "js").glob("*.js"))

    weight = sum(len(gzip.compress(path.read_bytes(), 9)) for path in scripts)

    assert weight <= 12_000


class ThreeBoxes(forms.MultiWidget):
    use_fieldset = True

    def decompress(self, value: object) -> list[None]:
        return [None, None, None] if value is None else []


class Day(forms.MultiValueField):
    widget = ThreeBoxes([forms.TextInput()] * 3)


class EveryKind(forms.Form):
    name = forms.CharField(help_text="As people know it.")
    topic = forms.ChoiceField(choices=[("Area", [("a", "A"), ("b", "B")])])
    problem = forms.CharField(widget=forms.Textarea, max_length=20)
    urgency = forms.ChoiceField(choices=[("m", "Month")], widget=forms.RadioSelect)
    formats = forms.MultipleChoiceField(
        choices=[("c", "Call")], widget=forms.CheckboxSelectMultiple, required=False
    )
    since = Day([forms.IntegerField()] * 3)
    quotable = forms.BooleanField()
    hours = forms.IntegerField(required=False)


def every_kind(answers: dict[str, str] | None = None) -> EveryKind:
    form = EveryKind(answers)
    for field in form.fields.values():
        setattr(field, "who_sees", "our pair")  # noqa: B010 - as the pack reads it
    return form


class Page(HTMLParser):
    """Collects what the promises are about."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.inputs: list[dict[str, str | None]] = []
        self.labelled: set[str | None] = set()
        self.pointed: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.ids += [given["id"]] if given.get("id") else []
        self.pointed |= set((given.get("aria-describedby") or "").split())
        if tag == "label":
            self.labelled.add(given.get("for"))
        if tag == "a" and (given.get("href") or "").startswith("#"):
            self.pointed.add(given["href"][1:])
        if tag in {"input", "select", "textarea"} and given.get("type") != "hidden":
            self.inputs.append(given)


def rendered(form: forms.Form) -> str:
    source = "{% load crispy_forms_tags %}{% crispy form %}"
    return engines["django"].from_string(source).render({"form": form})


@pytest.fixture
def wrong_form() -> str:
    return rendered(every_kind({"problem": "longer than twenty characters"}))


def test_pack_labels_every_input(wrong_form: str):
    page = Page(wrong_form)

    nameless = [i for i in page.inputs if i.get("id") not in page.labelled]

    assert nameless == []
    assert len(page.ids) == len(set(page.ids))


def test_pack_points_only_at_what_is_there(wrong_form: str):
    page = Page(wrong_form)

    assert page.pointed - set(page.ids) == set()
    assert {"id_name_helptext", "id_name_error", "id_name_seen"} <= page.pointed
    assert {"id_urgency_0", "id_since_0", "id_topic"} <= page.pointed


def test_pack_keeps_text_that_is_too_long(wrong_form: str):
    assert "longer than twenty characters</textarea>" in wrong_form
    assert 'data-max-characters="20"' in wrong_form
    assert "maxlength" not in wrong_form


def test_pack_says_optional_in_a_word():
    html = rendered(every_kind())

    assert html.count('class="optional"') == 2
    assert "*" not in re.sub(r"<[^>]+>", "", html)


def test_languages_of_the_switch_are_named_in_themselves():
    codes = [code for code, _name in settings.LANGUAGES]

    html = engines["django"].get_template("components/language_switch.html").render()

    assert re.findall(r'name="language" value="([^"]+)"', html) == codes
    assert all(f'lang="{code}"' in html for code in codes)
