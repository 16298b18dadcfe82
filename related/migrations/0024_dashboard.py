"""The dashboard: what each slot fills, day by day, and the pages that no other page links to.

What stands on a page is not known of rows that an older version computed: all are due.
"""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


def mark_due(apps, schema_editor):
    apps.get_model("related", "ReviewState").objects.update(is_due=True)


class Migration(migrations.Migration):

    dependencies = [
        ('contenttypes', '0002_remove_content_type_name'),
        ('related', '0023_rivals_and_stories'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='DailyCoverage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='day')),
                ('section', models.CharField(blank=True, max_length=255, verbose_name='section')),
                ('n_pages', models.PositiveIntegerField(verbose_name='pages')),
                ('n_filled', models.PositiveIntegerField(verbose_name='pages with a link')),
                ('n_empty', models.PositiveIntegerField(verbose_name='pages with neither a link nor an offer')),
                ('measured_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='measured at')),
            ],
            options={
                'verbose_name': 'coverage of a day',
                'verbose_name_plural': 'coverage by day',
                'default_permissions': (),
            },
        ),
        migrations.AddField(
            model_name='reviewstate',
            name='empty_slots',
            field=models.CharField(blank=True, db_default='', default='', max_length=500),
        ),
        migrations.AddField(
            model_name='reviewstate',
            name='filled_slots',
            field=models.CharField(blank=True, db_default='', default='', max_length=500),
        ),
        migrations.AddField(
            model_name='reviewstate',
            name='is_page',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='reviewstate',
            name='is_orphan',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='reviewstate',
            name='n_lost',
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='reviewstate',
            name='n_coming',
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='reviewstate',
            name='shown',
            field=models.JSONField(null=True),
        ),
        migrations.AddIndex(
            model_name='decision',
            index=models.Index(fields=['-decided_at', '-id'], name='related_decision_at'),
        ),
        migrations.AddIndex(
            model_name='decisionlog',
            index=models.Index(fields=['at'], name='related_log_at'),
        ),
        migrations.AddIndex(
            model_name='reviewstate',
            index=models.Index(condition=models.Q(('is_orphan', True), ('is_page', True)), fields=['-sorted_at', '-document'], include=('content_type', 'section'), name='related_review_orphan'),
        ),
        migrations.AddIndex(
            model_name='reviewstate',
            index=models.Index(condition=models.Q(('n_lost__gt', 0), ('n_coming__gt', 0), _connector='OR'), fields=['document'], name='related_review_hidden'),
        ),
        migrations.AddIndex(
            model_name='reviewstate',
            index=models.Index(condition=models.Q(('is_page', True)), fields=['section', 'filled_slots', 'empty_slots'], name='related_review_coverage'),
        ),
        migrations.AddField(
            model_name='dailycoverage',
            name='slot',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='related.slot', verbose_name='slot'),
        ),
        migrations.AddConstraint(
            model_name='dailycoverage',
            constraint=models.UniqueConstraint(fields=('day', 'slot', 'section'), name='related_one_coverage_per_day'),
        ),
        migrations.RunPython(mark_due, migrations.RunPython.noop),
    ]
