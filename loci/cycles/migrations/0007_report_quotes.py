import re

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

QUOTED = re.compile(
    "\N{LEFT DOUBLE QUOTATION MARK}([^\N{RIGHT DOUBLE QUOTATION MARK}]+)"
)


def note_quotes(apps, schema_editor):
    """Reports that are there quote in their section on themes, one quote a line."""
    sections = apps.get_model("cycles", "ReportSection").objects.filter(kind="themes")
    for section in sections.select_related("report").iterator():
        section.report.quotes = QUOTED.findall(section.text)
        section.report.save(update_fields=["quotes"])


class Migration(migrations.Migration):
    dependencies = [("cycles", "0006_published_plans_are_frozen")]

    operations = [
        migrations.AddField(
            model_name="report",
            name="quotes",
            field=ArrayField(
                base_field=models.TextField(),
                blank=True,
                default=list,
                editable=False,
                size=None,
            ),
        ),
        migrations.RunPython(note_quotes, migrations.RunPython.noop, elidable=True),
    ]
