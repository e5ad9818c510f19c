import hashlib

from django.db import migrations, models


def let_as_they_are(apps, schema_editor):
    """What may be quoted was let as it stands now."""
    texts = apps.get_model("surveys", "ThemeText").objects.filter(is_approved=True)
    for text in texts.select_related("statement", "answer", "conversation"):
        text.approved_hash = hashlib.sha256(words_of(text).encode()).hexdigest()
        text.save(update_fields=["approved_hash"])


def words_of(text):
    if text.statement is not None:
        return text.statement.text
    if text.conversation is not None:
        return text.conversation.words
    blocks = text.answer.value if isinstance(text.answer.value, list) else []
    return "\n".join(str(block.get("value", "")) for block in blocks).strip()


def let_again(apps, schema_editor):
    texts = apps.get_model("surveys", "ThemeText").objects.exclude(approved_hash="")
    texts.update(is_approved=True)


class Migration(migrations.Migration):
    """A quote is of the words that were let; a statement ends where another begins."""

    dependencies = [("surveys", "0011_words_are_kept")]

    operations = [
        migrations.AddField(
            model_name="themetext",
            name="approved_hash",
            field=models.CharField(
                blank=True,
                editable=False,
                max_length=64,
                verbose_name="may be quoted",
            ),
        ),
        migrations.RunPython(let_as_they_are, let_again),
        migrations.RemoveField(model_name="themetext", name="is_approved"),
        migrations.AlterField(
            model_name="statement",
            name="position",
            field=models.PositiveSmallIntegerField(
                default=0, editable=False, null=True
            ),
        ),
        migrations.AddConstraint(
            model_name="statement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("position__isnull", False),
                    models.Q(("state", "open"), _negated=True),
                    _connector="OR",
                ),
                name="surveys_statement_open_has_its_place",
            ),
        ),
    ]
