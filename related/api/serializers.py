"""The shape of the answers. Every field is named here; nothing else leaves the plugin."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema_field
from rest_framework import serializers

from related.enums import LinkSource


# Without fields that can be written, no request can change anything. This is no docstring, for the
# schema would repeat it.
class ReadOnlySerializer(serializers.Serializer[Any]):
    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        fields = super().get_fields()
        for field in fields.values():
            field.read_only = True
        return fields


class LinkSerializer(ReadOnlySerializer):
    type = serializers.CharField(help_text="Kind of the target, `app_label.model`.")
    id = serializers.CharField(help_text="Primary key of the target, as text.")
    title = serializers.CharField()
    url = serializers.CharField(help_text="A path on the site, or an http(s) address.")
    excerpt = serializers.CharField(help_text="May be empty.")
    image_url = serializers.CharField(help_text="May be empty.")
    section = serializers.CharField(help_text="Name of the section; may be empty.")
    published_at = serializers.DateTimeField(allow_null=True)
    similarity = serializers.FloatField(
        allow_null=True,
        help_text="Cosine similarity of the two texts, 0 to 1; null where a slot goes by date.",
    )
    strength = serializers.FloatField(
        allow_null=True,
        help_text="Chance that an editor approves such a link, 0 to 1, learned from the site's own "
        "decisions; null where a slot goes by date.",
    )
    source = serializers.ChoiceField(  # type: ignore[assignment]  # a field takes its place
        choices=LinkSource.values,
        help_text="Why the link stands here: an editor pinned or approved it, or the slot shows "
        "suggestions without approval.",
    )
    reasons = serializers.ListField(
        child=serializers.CharField(), help_text="The heaviest terms that both texts share."
    )


class SlotSerializer(ReadOnlySerializer):
    heading = serializers.CharField(help_text="What to write above the links.")
    items = LinkSerializer(many=True, help_text="The links in their order; may be empty.")


class DocumentSerializer(ReadOnlySerializer):
    type = serializers.CharField(help_text="Kind of the document, `app_label.model`.")
    id = serializers.CharField(help_text="Primary key of the document, as text.")
    title = serializers.CharField()
    url = serializers.CharField(help_text="A path on the site, or an http(s) address.")


class VersionSerializer(DocumentSerializer):
    published_at = serializers.DateTimeField(allow_null=True)


class PageSerializer(ReadOnlySerializer):
    """What one document's page shows."""

    document = DocumentSerializer(source="*")
    slots = serializers.DictField(
        child=SlotSerializer(),
        help_text="Every active slot by its key, in the order of the page.",
    )
    summary = serializers.CharField(
        allow_null=True, help_text="Approved summary; null once the text has changed since."
    )
    newer_version = VersionSerializer(
        allow_null=True,
        help_text="The newest version of the document's own text, where that is another document "
        "with a later date; null where there is none.",
    )


class MissingSerializer(ReadOnlySerializer):
    """What was asked for and is hidden, or does not exist."""

    asked = serializers.DictField(
        child=serializers.CharField(), help_text="The question: `url` or `id`, as it was asked."
    )
    found = serializers.ChoiceField(choices=[False])


class FoundSerializer(PageSerializer):
    """What was asked for, and its page."""

    asked = serializers.DictField(
        child=serializers.CharField(), help_text="The question: `url` or `id`, as it was asked."
    )
    found = serializers.ChoiceField(choices=[True])


RESULT = PolymorphicProxySerializer(
    component_name="Result",
    serializers=[FoundSerializer, MissingSerializer],
    resource_type_field_name=None,
    many=True,
)


class PagesSerializer(ReadOnlySerializer):
    results = serializers.SerializerMethodField()

    @extend_schema_field(RESULT)
    def get_results(self, content: dict[str, Any]) -> Any:
        return content["results"]


class ErrorSerializer(ReadOnlySerializer):
    detail = serializers.CharField(help_text="What was wrong, for people.")
