"""A picture may be at a path on this site. The column is the same."""

from django.db import migrations, models

import newsroom.articles.address_validators


class Migration(migrations.Migration):
    dependencies = [("newsroom", "0005_long_titles")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="article",
                    name="image_url",
                    field=models.CharField(
                        blank=True,
                        help_text="A full web address, or a path on this site such as /static/boat.jpg.",
                        max_length=1000,
                        validators=[newsroom.articles.address_validators.picture_address],
                        verbose_name="image address",
                    ),
                )
            ]
        )
    ]
