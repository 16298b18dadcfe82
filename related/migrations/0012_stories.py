"""Stories: what tells versions of a text, and slots that show one of each."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models

# Shipped without: versions of one text stood side by side.
SHIPPED = ("previous", "next", "section")
HELP = (
    "Of the versions of one text the newest is shown. Versions of the article itself never are."
)


def collapse(apps: Any, schema_editor: Any) -> None:
    apps.get_model("related", "Slot").objects.filter(key__in=SHIPPED).update(one_per_story=True)


class Migration(migrations.Migration):
    dependencies = [("related", "0011_keys_of_addresses")]

    operations = [
        migrations.AddField(
            model_name="documentvector",
            name="sketch",
            field=models.BinaryField(default=b""),
        ),
        migrations.AddField(
            model_name="neighbors",
            name="story",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddIndex(
            model_name="neighbors",
            index=models.Index(fields=["story", "generation"], name="related_neighbors_story"),
        ),
        *(
            migrations.AddField(
                model_name="corpusstatistics",
                name=name,
                field=models.BinaryField(default=b""),
            )
            for name in ("story_documents", "stories", "divided_documents")
        ),
        migrations.AlterField(
            model_name="slot",
            name="one_per_story",
            field=models.BooleanField(default=True, help_text=HELP, verbose_name="one per story"),
        ),
        migrations.RunPython(collapse, migrations.RunPython.noop),
    ]
