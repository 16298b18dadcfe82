"""Hosts whose clock is not the database's; a rebuild starts by the database's clock as well."""

import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('related', '0027_slot_trials'),
    ]

    operations = [
        migrations.CreateModel(
            name='HostClock',
            fields=[
                ('host', models.CharField(max_length=255, primary_key=True, serialize=False, verbose_name='host')),
                ('seconds_ahead', models.FloatField(verbose_name='seconds ahead')),
                ('measured_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='measured at')),
            ],
            options={
                'verbose_name': 'clock of a host',
                'verbose_name_plural': 'clocks of hosts',
                'default_permissions': (),
            },
        ),
        migrations.AlterField(
            model_name='rebuildrun',
            name='started_at',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='started at'),
        ),
    ]
