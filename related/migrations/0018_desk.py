"""The review desk: why each article needs an editor, a verdict for one slot alone, and a log of all
that an editor does there.

The log's table is altered, so its triggers are taken away and made again (see 0003).
"""

import datetime
from importlib import import_module

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


triggers = import_module("related.migrations.0003_append_only_log")


def fill_targets(apps, schema_editor):
    """On the way back: verdicts that the older version would take for approvals are open, and log
    entries without a target get the document itself, which no link can have."""
    triggers.remove_triggers(apps, schema_editor)
    apps.get_model("related", "Decision").objects.filter(verdict="not_here").update(verdict="open")
    log = apps.get_model("related", "DecisionLog")._base_manager
    slot = apps.get_model("related", "Slot").objects.order_by("pk").first()
    log.filter(slot__isnull=True).update(slot=slot)
    log.filter(target__isnull=True).update(target=models.F("document"))
    schema_editor.connection.check_constraints()  # PostgreSQL alters no table that waits for them


def empty_targets(apps, schema_editor):
    """On the way forth again."""
    log = apps.get_model("related", "DecisionLog")._base_manager
    for entry in log.filter(target=models.F("document")):
        slot_id = entry.slot_id if "heading" in entry.after else None
        log.filter(pk=entry.pk).update(target=None, slot_id=slot_id)
    schema_editor.connection.check_constraints()
    triggers.add_triggers(apps, schema_editor)


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('contenttypes', '0002_remove_content_type_name'),
        ('related', '0017_upcoming_stops'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(triggers.remove_triggers, triggers.add_triggers),
        migrations.CreateModel(
            name='EditorSettings',
            fields=[
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('has_single_keys', models.BooleanField(default=True)),
            ],
            options={
                'verbose_name': "editor's settings",
                'verbose_name_plural': "editors' settings",
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='ReviewState',
            fields=[
                ('document', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='review_state', serialize=False, to='related.document')),
                ('is_open', models.BooleanField(default=False)),
                ('reasons', models.PositiveSmallIntegerField(default=0)),
                ('items', models.JSONField(default=list)),
                ('closed_items', models.JSONField(default=list)),
                ('slots', models.CharField(blank=True, max_length=500)),
                ('strength', models.FloatField(null=True)),
                ('n_offered', models.PositiveSmallIntegerField(default=0)),
                ('n_approved', models.PositiveSmallIntegerField(default=0)),
                ('is_reviewed', models.BooleanField(default=False)),
                ('has_summary', models.BooleanField(default=False)),
                ('has_stale_summary', models.BooleanField(default=False)),
                ('opened_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('is_due', models.BooleanField(default=True)),
                ('checked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('language', models.CharField(blank=True, max_length=35)),
                ('section', models.CharField(blank=True, max_length=255)),
                ('sorted_at', models.DateTimeField(default=datetime.datetime(1, 1, 2, 0, 0, tzinfo=datetime.timezone.utc))),
            ],
            options={
                'verbose_name': 'state of review',
                'verbose_name_plural': 'states of review',
                'default_permissions': (),
            },
        ),
        migrations.AddField(
            model_name='decisionlog',
            name='undoes',
            field=models.UUIDField(editable=False, null=True, verbose_name='undone operation'),
        ),
        migrations.AddField(
            model_name='document',
            name='deleted_at',
            field=models.DateTimeField(editable=False, null=True, verbose_name='deleted at'),
        ),
        migrations.AlterField(
            model_name='decision',
            name='verdict',
            field=models.CharField(choices=[('open', 'open'), ('approved', 'approved'), ('rejected', 'rejected'), ('not_here', 'not in this slot')], default='open', max_length=10, verbose_name='verdict'),
        ),
        migrations.AlterField(
            model_name='decisionlog',
            name='action',
            field=models.CharField(choices=[('approve', 'approved'), ('reject', 'rejected'), ('pin', 'pinned'), ('unpin', 'unpinned'), ('move', 'moved'), ('reopen', 'reopened'), ('undo', 'undone'), ('not_here', 'kept out of the slot'), ('heading', 'changed the heading'), ('summary', 'changed the summary'), ('done', 'called the page done')], max_length=10, verbose_name='action'),
        ),
        migrations.AlterField(
            model_name='decisionlog',
            name='slot',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='related.slot', verbose_name='slot'),
        ),
        migrations.AlterField(
            model_name='decisionlog',
            name='target',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='related.document', verbose_name='target'),
        ),
        migrations.AddIndex(
            model_name='decisionlog',
            index=models.Index(fields=['actor', '-id'], name='related_log_of_actor'),
        ),
        migrations.AddField(
            model_name='reviewstate',
            name='content_type',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='contenttypes.contenttype'),
        ),
        migrations.AddIndex(
            model_name='reviewstate',
            index=models.Index(condition=models.Q(('is_open', True)), fields=['-sorted_at', '-document'], name='related_review_open'),
        ),
        migrations.AddIndex(
            model_name='reviewstate',
            index=models.Index(fields=['-sorted_at', '-document'], name='related_review_date'),
        ),
        migrations.AddIndex(
            model_name='reviewstate',
            index=models.Index(condition=models.Q(('is_due', True)), fields=['document'], name='related_review_due'),
        ),
        migrations.RunPython(empty_targets, fill_targets),
    ]
