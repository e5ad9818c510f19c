from django.db import migrations

# Two letters that are one sound, before each is taken for itself: Gyumri is written
# with ո and ւ, Loutraki with ο and υ.
SOUNDS = {"ու": "u", "ου": "ou", "αυ": "av", "ευ": "ev"}
INDEXES = {
    "localities_locality_named": "localities_locality "
    "USING gin (public.loci_name(name || ' ' || country) public.gin_trgm_ops)",
    "localities_organisation_named": "localities_organisation "
    "USING gin (public.loci_name(name) public.gin_trgm_ops)",
}


def _sounded() -> str:
    words = "public.loci_plain(words)"
    # αυ and ευ sound as av and ev, before π, τ, κ and their like as af and ef.
    words = rf"regexp_replace({words}, '([αε])υ(?=[θκξπστφχψ])', '\1f', 'g')"
    for letters, latin in SOUNDS.items():
        words = f"replace({words}, '{letters}', '{latin}')"
    return words


NAME = f"""
CREATE FUNCTION public.loci_name(words text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT COST 500
AS $$ SELECT public.loci_letters({_sounded()}) $$
"""
LETTERS = "ALTER FUNCTION public.{}(text) RENAME TO {}"


def made(name: str) -> str:
    return f"CREATE INDEX IF NOT EXISTS {name} ON {INDEXES[name]}"


def gone(name: str) -> str:
    return f"DROP INDEX IF EXISTS {name}"


class Migration(migrations.Migration):
    dependencies = [("localities", "0008_names_in_every_script")]

    operations = [
        *(migrations.RunSQL(gone(name), made(name)) for name in INDEXES),
        migrations.RunSQL(
            LETTERS.format("loci_name", "loci_letters"),
            LETTERS.format("loci_letters", "loci_name"),
        ),
        migrations.RunSQL(NAME, "DROP FUNCTION public.loci_name(text)"),
        *(migrations.RunSQL(made(name), gone(name)) for name in INDEXES),
    ]
