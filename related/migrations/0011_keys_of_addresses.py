from hashlib import blake2b

from django.db import migrations, models

ROWS_AT_ONCE = 1000


def key_of_path(path):
    """As related.domain.documents.addresses makes it of an address without host and parameters."""
    return blake2b(f"\x1f{path}\x1f".encode("utf-8", "surrogatepass"), digest_size=8).digest()


def keys_from_paths(apps, schema_editor):
    """What the stored paths say; the next rebuild reads the rest from the articles."""
    Document = apps.get_model("related", "Document")
    last = 0
    while rows := list(
        Document.objects.filter(pk__gt=last).order_by("pk").only("url_path", "linked_paths")[
            :ROWS_AT_ONCE
        ]
    ):
        last = rows[-1].pk
        changed = []
        for row in rows:
            if row.url_path and len(row.url_path) < 500:  # a longer one was cut
                row.address_keys = key_of_path(row.url_path)
                row.url_key = int.from_bytes(row.address_keys, "big", signed=True)
            row.linked_keys = b"".join(sorted({key_of_path(path) for path in row.linked_paths}))
            if row.address_keys or row.linked_keys:
                changed.append(row)
        fields = ["url_key", "address_keys", "linked_keys"]
        Document.objects.bulk_update(changed, fields, batch_size=200)


class Migration(migrations.Migration):

    dependencies = [
        ('contenttypes', '0002_remove_content_type_name'),
        ('related', '0010_strength'),
    ]

    operations = [
        migrations.AddField(
            model_name='document',
            name='address_keys',
            field=models.BinaryField(default=bytes, verbose_name='keys of its addresses'),
        ),
        migrations.AddField(
            model_name='document',
            name='linked_keys',
            field=models.BinaryField(default=bytes, verbose_name='keys of what it links to'),
        ),
        migrations.AddField(
            model_name='document',
            name='url_key',
            field=models.BigIntegerField(editable=False, null=True, verbose_name='key of its address'),
        ),
        migrations.RunPython(keys_from_paths, migrations.RunPython.noop, elidable=True),
        migrations.RemoveField(
            model_name='document',
            name='linked_paths',
        ),
        migrations.AddIndex(
            model_name='document',
            index=models.Index(fields=['url_key'], name='related_document_url_key'),
        ),
    ]
