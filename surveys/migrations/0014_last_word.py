import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Of what is said again in wave after wave the last word is found by a small index."""

    dependencies = [
        ("localities", "0010_invitations_sent_again"),
        ("surveys", "0013_told_of_the_opening"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="statement",
            name="continues",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="continued_by",
                to="surveys.statement",
                verbose_name="said before as",
            ),
        ),
        migrations.AddIndex(
            model_name="statement",
            index=models.Index(
                condition=models.Q(("continues__isnull", False)),
                fields=["continues"],
                name="surveys_statement_goes_on",
            ),
        ),
    ]
