"""Texts in several languages and lists of options, as fields of the admin's forms."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

CODES = tuple(code for code, _name in settings.LANGUAGES)


class LanguageTexts(forms.MultiWidget):
    """One box for each language; English first, the others unfold."""

    template_name = "admin/surveys/texts.html"
    use_fieldset = True

    def __init__(self, *, is_long: bool = False) -> None:
        box: Any = forms.Textarea if is_long else forms.TextInput
        attrs = {"rows": 2, "cols": 60} if is_long else {"class": "vTextField"}
        super().__init__({code: box(attrs=dict(attrs)) for code in CODES})

    def decompress(self, value: Any) -> list[str]:
        texts = value if isinstance(value, dict) else {}
        return [texts.get(code, "") for code in CODES]

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        boxes = context["widget"]["subwidgets"]
        for box, (_code, language) in zip(boxes, settings.LANGUAGES, strict=True):
            box["language"] = language
        has_first = bool(boxes[0]["value"])
        context["others"] = not has_first and any(box["value"] for box in boxes[1:])
        return context


class TextsField(forms.MultiValueField):
    """A text by language; languages without words are left out."""

    def __init__(self, *, is_long: bool = False, **facts: Any) -> None:
        boxes = [forms.CharField(required=False, max_length=2000) for _code in CODES]
        super().__init__(
            fields=boxes,
            require_all_fields=False,
            widget=LanguageTexts(is_long=is_long),
            **facts,
        )

    def compress(self, data_list: list[str]) -> dict[str, str]:
        pairs = zip(CODES, data_list or [], strict=False)
        return {code: words.strip() for code, words in pairs if words and words.strip()}

    def has_changed(self, initial: Any, data: Any) -> bool:
        kept = initial if isinstance(initial, dict) else {}
        posted = self.compress([str(one or "") for one in data or []])
        return bool(kept != posted)


class OptionsField(forms.CharField):
    """Options, one a line: code | English | Español | …, in the order of the languages."""

    def __init__(self, **facts: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 4, "cols": 60}), **facts)

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return "\n".join(self._line(row) for row in value)

    def _line(self, row: dict[str, Any]) -> str:
        words = [row["labels"].get(code, "") for code in CODES]
        while words and not words[-1]:
            words.pop()
        return " | ".join([row["code"], *words])

    def to_python(self, value: Any) -> Any:
        lines = [line for line in str(value or "").splitlines() if line.strip()]
        return [
            self._option(number, line) for number, line in enumerate(lines, start=1)
        ]

    def _option(self, number: int, line: str) -> dict[str, Any]:
        code, *words = [part.strip() for part in line.split("|")]
        if slugify(code) != code.lower() or not code or not any(words):
            raise ValidationError(
                _("Line %(number)d: a code, then “|” and the words."),
                params={"number": number},
            )
        labels = {
            language: text for language, text in zip(CODES, words, strict=False) if text
        }
        return {"code": code, "labels": labels}

    def has_changed(self, initial: Any, data: Any) -> bool:
        kept = self.prepare_value(initial)
        return bool(kept != str(data or "").replace("\r\n", "\n"))
