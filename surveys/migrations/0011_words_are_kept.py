from django.db import migrations

OLD = (
    "CREATE INDEX IF NOT EXISTS surveys_statement_words ON surveys_statement "
    "USING gin (public.loci_words(language, text))"
)


class Migration(migrations.Migration):
    """Words of a statement are taken apart when it is written, not at each search."""

    dependencies = [
        ("surveys", "0010_answers_keep_their_history"),
        ("localities", "0004_directory"),
    ]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE surveys_statement ADD COLUMN said_words tsvector "
            "GENERATED ALWAYS AS (public.loci_words(language, text)) STORED",
            "ALTER TABLE surveys_statement DROP COLUMN said_words",
        ),
        migrations.RunSQL(
            "CREATE INDEX IF NOT EXISTS surveys_statement_said ON surveys_statement "
            "USING gin (said_words)",
            "DROP INDEX IF EXISTS surveys_statement_said",
        ),
        migrations.RunSQL("DROP INDEX IF EXISTS surveys_statement_words", OLD),
    ]
