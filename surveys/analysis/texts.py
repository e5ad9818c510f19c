"""What people wrote, made ready to be compared."""

import re
import unicodedata

LONGEST = 12_000
_SENTENCE = re.compile(r"(?<=[.!?…。؟।\u0589])\s+|\n+")  # Armenian: U+0589


def clean(text: str) -> str:
    """One line of composed text: no control characters, no halves of characters."""
    whole = text[:LONGEST].encode("utf-8", "ignore").decode("utf-8")
    kept = (
        " " if unicodedata.category(sign) in {"Cc", "Zl", "Zp"} else sign
        for sign in unicodedata.normalize("NFC", whole)
    )
    return " ".join("".join(kept).split())


def has_words(text: str) -> bool:
    """Whether there is anything to read: emoji and dashes alone are not."""
    return any(sign.isalnum() for sign in text)


def pieces(text: str, longest: int) -> list[str]:
    """Cut at the ends of sentences, or inside where a sentence is longer than that."""
    found = [""]
    for sentence in _SENTENCE.split(text):
        for part in _cut(sentence.strip(), longest):
            if found[-1] and len(found[-1]) + 1 + len(part) > longest:
                found.append(part)
            else:
                found[-1] = f"{found[-1]} {part}".strip()
    return found


def _cut(sentence: str, longest: int) -> list[str]:
    if len(sentence) <= longest:
        return [sentence]
    space = sentence.rfind(" ", longest // 2, longest)
    end = longest if space < 0 else space
    return [sentence[:end], *_cut(sentence[end:].strip(), longest)]
