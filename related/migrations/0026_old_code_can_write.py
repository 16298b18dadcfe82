"""Code of an older release inserts rows while a site is upgraded: what came later has a default."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('related', '0025_page_parameters'),
    ]

    operations = [
        migrations.AlterField(
            model_name='corpus',
            name='passages_version',
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AlterField(
            model_name='corpusstatistics',
            name='divided_documents',
            field=models.BinaryField(db_default=b'', default=b''),
        ),
        migrations.AlterField(
            model_name='corpusstatistics',
            name='stories',
            field=models.BinaryField(db_default=b'', default=b''),
        ),
        migrations.AlterField(
            model_name='corpusstatistics',
            name='story_documents',
            field=models.BinaryField(db_default=b'', default=b''),
        ),
        migrations.AlterField(
            model_name='corpusstatistics',
            name='time_curve',
            field=models.JSONField(db_default=[], default=list),
        ),
        migrations.AlterField(
            model_name='corpusstatistics',
            name='typical_hub',
            field=models.FloatField(db_default=0, default=0),
        ),
        migrations.AlterField(
            model_name='corpusstatistics',
            name='version',
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AlterField(
            model_name='document',
            name='address_keys',
            field=models.BinaryField(db_default=b'', default=bytes, verbose_name='keys of its addresses'),
        ),
        migrations.AlterField(
            model_name='document',
            name='linked_keys',
            field=models.BinaryField(db_default=b'', default=bytes, verbose_name='keys of what it links to'),
        ),
        migrations.AlterField(
            model_name='documentvector',
            name='omitted',
            field=models.BinaryField(db_default=b'', default=b''),
        ),
        migrations.AlterField(
            model_name='documentvector',
            name='passages',
            field=models.BinaryField(db_default=b'', default=b''),
        ),
        migrations.AlterField(
            model_name='documentvector',
            name='sketch',
            field=models.BinaryField(db_default=b'', default=b''),
        ),
        migrations.AlterField(
            model_name='documentvector',
            name='title_ids',
            field=models.BinaryField(db_default=b'', default=b''),
        ),
        migrations.AlterField(
            model_name='documentvector',
            name='wording',
            field=models.BinaryField(db_default=b'', default=b''),
        ),
        migrations.AlterField(
            model_name='neighbors',
            name='hub',
            field=models.FloatField(db_default=0, default=0),
        ),
        migrations.AlterField(
            model_name='rebuildrun',
            name='options',
            field=models.JSONField(db_default={}, default=dict, verbose_name='options'),
        ),
        migrations.AlterField(
            model_name='slot',
            name='time_weight',
            field=models.FloatField(db_default=0.1, default=0.1, help_text='From 0, dates do not matter, to 0.3. How close in time related articles are is learned from the archive.', validators=[django.core.validators.MinValueValidator(0.0), django.core.validators.MaxValueValidator(0.3)], verbose_name='weight of closeness in time'),
        ),
    ]
