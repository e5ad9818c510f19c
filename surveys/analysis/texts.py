"""What people wrote, made ready to be compared."""

import re
import unicodedata

LONGEST = 12_000
_SENTENCE = re.compile(r"(?<=[.!?…。؟।\u0589])\s+|\n+")  # Armenian: U+0589

NO_ANSWER = frozenset(
    {
        *("no", "none", "nothing", "nothing to add", "no comment", "no comments"),
        *("no answer", "n a", "na", "not applicable"),
        *("ninguno", "ninguna", "nada", "sin comentarios", "no aplica", "no hay"),
        *("aucun", "aucune", "rien", "non", "sans objet", "rien à ajouter"),
        *("não", "nenhum", "nenhuma", "tidak", "tidak ada", "belum ada"),
        *("нет", "ничего", "нечего добавить", "без комментариев"),
        *("ні", "немає", "нема", "нічого", "без коментарів"),
    }
)


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


def says_something(text: str) -> bool:
    """Whether it is an answer, and not a polite way of giving none."""
    words = "".join(sign if sign.isalnum() else " " for sign in text.casefold())
    return has_words(text) and " ".join(words.split()) not in NO_ANSWER


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
