from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("surveys", "0007_said_before"),
        ("localities", "0004_directory"),
    ]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX IF NOT EXISTS surveys_statement_words ON surveys_statement "
            "USING gin (public.loci_words(language, text))",
            "DROP INDEX IF EXISTS surveys_statement_words",
        ),
        migrations.RunSQL(
            "CREATE INDEX IF NOT EXISTS surveys_statement_spoken ON surveys_statement "
            "(kind, topic_id, locality_id) WHERE state = 'open'",
            "DROP INDEX IF EXISTS surveys_statement_spoken",
        ),
    ]
