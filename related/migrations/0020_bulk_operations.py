"""Operations in bulk, and a log that folds the entries of each behind its first.

The log's table is altered, so its triggers are taken away and made again (see 0003).
"""

import uuid
from importlib import import_module
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

triggers = import_module("related.migrations.0003_append_only_log")


class Migration(migrations.Migration):

    dependencies = [
        ('related', '0019_policies'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(triggers.remove_triggers, triggers.add_triggers),
        migrations.CreateModel(
            name='BulkOperation',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('approve', 'approve'), ('reject', 'reject'), ('reopen', 'reopen'), ('revert', 'put back what stood before'), ('undo', 'take an operation back')], max_length=10, verbose_name='kind')),
                ('state', models.CharField(choices=[('previewed', 'not begun'), ('running', 'running'), ('stopped', 'stopped'), ('finished', 'finished')], default='previewed', max_length=10, verbose_name='state')),
                ('options', models.JSONField(default=dict, verbose_name='options')),
                ('undoes', models.UUIDField(null=True, verbose_name='undone operation')),
                ('links', models.BinaryField(default=bytes)),
                ('n_links', models.PositiveIntegerField(default=0, verbose_name='links')),
                ('n_done', models.PositiveIntegerField(default=0, verbose_name='done')),
                ('n_changed', models.PositiveIntegerField(default=0, verbose_name='changed')),
                ('n_left', models.PositiveIntegerField(default=0, verbose_name='left as they are')),
                ('n_refused', models.PositiveIntegerField(default=0, verbose_name='not theirs to decide')),
                ('n_kept', models.PositiveIntegerField(default=0)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='previewed at')),
                ('started_at', models.DateTimeField(null=True, verbose_name='started at')),
                ('progressed_at', models.DateTimeField(null=True, verbose_name='last progress')),
                ('finished_at', models.DateTimeField(null=True, verbose_name='finished at')),
            ],
            options={
                'verbose_name': 'operation in bulk',
                'verbose_name_plural': 'operations in bulk',
                'default_permissions': (),
            },
        ),
        migrations.RemoveIndex(
            model_name='decisionlog',
            name='related_log_of_actor',
        ),
        migrations.AddField(
            model_name='decisionlog',
            name='is_folded',
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
        migrations.AddIndex(
            model_name='decisionlog',
            index=models.Index(condition=models.Q(('is_folded', False)), fields=['actor', '-id'], name='related_log_of_steps'),
        ),
        migrations.AddField(
            model_name='bulkoperation',
            name='user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='editor'),
        ),
        migrations.AddIndex(
            model_name='bulkoperation',
            index=models.Index(fields=['-created_at'], name='related_bulk_created'),
        ),
        migrations.AddIndex(
            model_name='bulkoperation',
            index=models.Index(fields=['undoes'], name='related_bulk_undoes'),
        ),
        migrations.RunPython(triggers.add_triggers, triggers.remove_triggers),
    ]
