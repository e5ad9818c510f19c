from django.db import migrations

# Names in Latin letters, so that trigrams know them whatever the locale of the database:
# letters one by one, then those that are written with two. As most romanisations have
# it; it is only ever compared with itself, or with what somebody types in Latin letters.
ONE = (
    # Cyrillic (Russian, Ukrainian, Serbian, Macedonian, Bulgarian, Belarusian)
    ("абвгґдеёзийіклмнопрстуўфъыьэѓѐѝјћђќ", "abvhgdeeziyiklmnoprstuuf'y'egeijcdk"),
    # Georgian
    ("აბგდევზთიკლმნოპრსტუფქყჰ", "abgdevztiklmnoprstupkqh"),
    # Armenian
    ("աբգդեզէըիլկհմյնոպռսվտրւփքօֆ", "abgdezeyilkhmynoprsvtrvpkof"),
    # Greek
    ("αβγδεζηικλμνξοπρσςτυφωάέήίόύώ", "avgdeziiklmnxoprsstyfoaeiioyo"),
)
TWO = {
    **{"ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch"},
    **{"ю": "yu", "я": "ya", "є": "ye", "ї": "yi", "љ": "lj", "њ": "nj", "џ": "dz"},
    **{"ჟ": "zh", "ღ": "gh", "შ": "sh", "ჩ": "ch", "ც": "ts", "ძ": "dz", "წ": "ts"},
    **{"ჭ": "ch", "ხ": "kh", "ჯ": "j", "ժ": "zh", "խ": "kh", "ծ": "ts", "ձ": "dz"},
    **{"ղ": "gh", "ճ": "ch", "շ": "sh", "չ": "ch", "ջ": "j", "ց": "ts", "թ": "t"},
    **{"և": "ev", "θ": "th", "χ": "ch", "ψ": "ps", "'": ""},
}


def _folded() -> str:
    words = "public.loci_plain(words)"
    assert all(len(letters) == len(latin) for letters, latin in ONE)
    letters, latin = ("".join(part) for part in zip(*ONE))
    words = f"translate({words}, '{letters}', '{latin.replace(chr(39), chr(39) * 2)}')"
    for letter, pair in TWO.items():
        words = f"replace({words}, '{letter.replace(chr(39), chr(39) * 2)}', '{pair}')"
    return words


NAME = f"""
CREATE OR REPLACE FUNCTION public.loci_name(words text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT COST 500
AS $$ SELECT {_folded()} $$
"""
NEW = {
    "localities_locality_named": "localities_locality "
    "USING gin (public.loci_name(name || ' ' || country) public.gin_trgm_ops)",
    "localities_organisation_named": "localities_organisation "
    "USING gin (public.loci_name(name) public.gin_trgm_ops)",
    "localities_fact_said": "localities_fact USING gin (said_words)",
}
OLD = {
    "localities_locality_plain": "localities_locality "
    "USING gin (public.loci_plain(name || ' ' || country) public.gin_trgm_ops)",
    "localities_organisation_plain": "localities_organisation "
    "USING gin (public.loci_plain(name) public.gin_trgm_ops)",
    "localities_fact_words": "localities_fact "
    "USING gin (public.loci_words(language, text))",
}


def made(name: str, what: str) -> str:
    return f"CREATE INDEX IF NOT EXISTS {name} ON {what}"


def gone(name: str) -> str:
    return f"DROP INDEX IF EXISTS {name}"


class Migration(migrations.Migration):
    dependencies = [("localities", "0007_documents_and_doubts")]

    operations = [
        migrations.RunSQL(NAME, "DROP FUNCTION IF EXISTS public.loci_name(text)"),
        # Words are taken apart once, when a text is written, not at each search.
        migrations.RunSQL(
            "ALTER TABLE localities_fact ADD COLUMN said_words tsvector "
            "GENERATED ALWAYS AS (public.loci_words(language, text)) STORED",
            "ALTER TABLE localities_fact DROP COLUMN said_words",
        ),
        *(
            migrations.RunSQL(made(name, what), gone(name))
            for name, what in NEW.items()
        ),
        *(
            migrations.RunSQL(gone(name), made(name, what))
            for name, what in OLD.items()
        ),
    ]
