from django.contrib.postgres.operations import TrigramExtension, UnaccentExtension
from django.db import migrations, models

# Words without capitals and accents. The dictionary is named with its schema, so that
# the result depends on nothing but the words.
PLAIN = """
CREATE OR REPLACE FUNCTION public.loci_plain(words text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
AS $$ SELECT lower(public.unaccent('public.unaccent'::regdictionary, words)) $$
"""
# Words of a text by its language; where Postgres has no stemmer, as they stand. Dear, so
# that the index is read rather than every text taken apart.
WORDS = """
CREATE OR REPLACE FUNCTION public.loci_words(language text, words text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT COST 5000
AS $$ SELECT to_tsvector(
  CASE language
    WHEN 'en' THEN 'pg_catalog.english'::regconfig
    WHEN 'es' THEN 'pg_catalog.spanish'::regconfig
    WHEN 'fr' THEN 'pg_catalog.french'::regconfig
    WHEN 'id' THEN 'pg_catalog.indonesian'::regconfig
    WHEN 'ru' THEN 'pg_catalog.russian'::regconfig
    ELSE 'pg_catalog.simple'::regconfig
  END, public.loci_plain(words)) $$
"""
# What a reader typed, in whatever language: all readings of it.
QUERY = """
CREATE OR REPLACE FUNCTION public.loci_query(words text) RETURNS tsquery
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
AS $$ SELECT websearch_to_tsquery('pg_catalog.simple', public.loci_plain(words))
  || websearch_to_tsquery('pg_catalog.english', public.loci_plain(words))
  || websearch_to_tsquery('pg_catalog.spanish', public.loci_plain(words))
  || websearch_to_tsquery('pg_catalog.french', public.loci_plain(words))
  || websearch_to_tsquery('pg_catalog.indonesian', public.loci_plain(words))
  || websearch_to_tsquery('pg_catalog.russian', public.loci_plain(words)) $$
"""
INDEXES = {
    "localities_locality_plain": "localities_locality "
    "USING gin (public.loci_plain(name || ' ' || country) public.gin_trgm_ops)",
    "localities_locality_by_name": "localities_locality (public.loci_plain(name), id)",
    "localities_organisation_plain": "localities_organisation "
    "USING gin (public.loci_plain(name) public.gin_trgm_ops)",
    "localities_fact_words": "localities_fact "
    "USING gin (public.loci_words(language, text))",
}


class Migration(migrations.Migration):
    dependencies = [("localities", "0003_profiles")]

    operations = [
        TrigramExtension(),
        UnaccentExtension(),
        migrations.RunSQL(PLAIN, "DROP FUNCTION IF EXISTS public.loci_plain(text)"),
        migrations.RunSQL(
            WORDS, "DROP FUNCTION IF EXISTS public.loci_words(text, text)"
        ),
        migrations.RunSQL(QUERY, "DROP FUNCTION IF EXISTS public.loci_query(text)"),
        *(
            migrations.RunSQL(
                f"CREATE INDEX IF NOT EXISTS {name} ON {what}",
                f"DROP INDEX IF EXISTS {name}",
            )
            for name, what in INDEXES.items()
        ),
        migrations.AddField(
            model_name="locality",
            name="latitude",
            field=models.DecimalField(
                blank=True,
                decimal_places=2,
                max_digits=5,
                null=True,
                verbose_name="latitude",
            ),
        ),
        migrations.AddField(
            model_name="locality",
            name="longitude",
            field=models.DecimalField(
                blank=True,
                decimal_places=2,
                max_digits=5,
                null=True,
                verbose_name="longitude",
            ),
        ),
        migrations.AddConstraint(
            model_name="locality",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("latitude__isnull", True),
                    ("latitude__range", (-90, 90)),
                    _connector="OR",
                ),
                name="localities_locality_latitude_possible",
            ),
        ),
        migrations.AddConstraint(
            model_name="locality",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("longitude__isnull", True),
                    ("longitude__range", (-180, 180)),
                    _connector="OR",
                ),
                name="localities_locality_longitude_possible",
            ),
        ),
    ]
