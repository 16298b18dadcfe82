"""Titles, hubs and closeness in time: what the order of suggestions is made of."""

from __future__ import annotations

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import migrations, models

# The weight 0.2 of before kept 80 % of a score at any distance; 0.1 stands for it now.
HALF = 0.5
MOST = 0.3
HALF_LIFE = 90.0


# Shipped without a weight, for want of a curve that suits every archive.
SHIPPED = ("previous", "next", "inline")
DEFAULT = 0.1


def weigh_by_curve(apps: Any, schema_editor: Any) -> None:
    """Slots that looked at dates still do, about as much."""
    for slot in apps.get_model("related", "Slot").objects.all():
        slot.time_weight = min(MOST, HALF * slot.recency_weight)
        if slot.key in SHIPPED and not slot.recency_weight:
            slot.time_weight = DEFAULT
        slot.save(update_fields=["time_weight"])


def weigh_by_half_life(apps: Any, schema_editor: Any) -> None:
    for slot in apps.get_model("related", "Slot").objects.all():
        slot.recency_weight = slot.time_weight / HALF
        slot.recency_half_life = HALF_LIFE
        slot.save(update_fields=["recency_weight", "recency_half_life"])


class Migration(migrations.Migration):
    dependencies = [("related", "0008_words")]

    operations = [
        migrations.AddField(
            model_name="documentvector",
            name="title_ids",
            field=models.BinaryField(default=b""),
        ),
        migrations.AddField(
            model_name="neighbors",
            name="hub",
            field=models.FloatField(default=0),
        ),
        migrations.AddField(
            model_name="corpusstatistics",
            name="typical_hub",
            field=models.FloatField(default=0),
        ),
        migrations.AddField(
            model_name="corpusstatistics",
            name="time_curve",
            field=models.JSONField(default=list),
        ),
        migrations.AlterField(
            model_name="rebuildblock",
            name="phase",
            field=models.CharField(
                choices=[
                    ("detect", "looking for changes"),
                    ("analyze", "analyzing texts"),
                    ("statistics", "counting terms"),
                    ("search", "finding neighbors"),
                    ("rescore", "rescoring neighbors"),
                    ("learn", "learning from neighbors"),
                    ("suggest", "writing suggestions"),
                    ("switch", "switching over"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="slot",
            name="time_weight",
            field=models.FloatField(
                default=DEFAULT,
                help_text="From 0, dates do not matter, to 0.3. How close in time related articles "
                "are is learned from the archive.",
                validators=[MinValueValidator(0.0), MaxValueValidator(MOST)],
                verbose_name="weight of closeness in time",
            ),
        ),
        migrations.RunPython(weigh_by_curve, weigh_by_half_life),
        migrations.RemoveField(model_name="slot", name="recency_half_life"),
        migrations.RemoveField(model_name="slot", name="recency_weight"),
    ]
