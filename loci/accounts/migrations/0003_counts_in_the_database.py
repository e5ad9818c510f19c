"""Where rate limits count: the table that Django's database cache works with."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_first_steps")]

    operations = [
        migrations.RunSQL(
            """
            CREATE TABLE accounts_count (
                cache_key varchar(255) PRIMARY KEY,
                value text NOT NULL,
                expires timestamptz NOT NULL
            );
            CREATE INDEX accounts_count_expires ON accounts_count (expires);
            """,
            "DROP TABLE accounts_count",
        )
    ]
