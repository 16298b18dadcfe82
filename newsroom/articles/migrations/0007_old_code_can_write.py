"""Code of an older release inserts rows while a site is upgraded: what came later has a default."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('newsroom', '0006_pictures_of_the_site'),
    ]

    operations = [
        migrations.AlterField(
            model_name='article',
            name='language_basis',
            field=models.CharField(choices=[('given', 'its source'), ('text', 'its text'), ('unsure', 'its text, unsure'), ('editor', 'an editor')], db_default='given', default='given', max_length=16, verbose_name='language known from'),
        ),
    ]
