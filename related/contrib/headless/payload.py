"""What may be pushed: read with limits, and named field by field where it is refused."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from typing import IO, Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser, JSONParser

from related.addresses import read_address, web_address
from related.contrib.headless.models import Page
from related.text import clean_text

MAX_BODY = 20_000_000  # bytes of a request
MAX_DOCUMENTS = 500  # of a batch
MAX_TEXT = 1_000_000  # characters of a text
ID = re.compile(r"[A-Za-z0-9_.:~-]{1,200}")  # what stands in an address as it is
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


class TooLarge(APIException):
    status_code = 413
    default_code = "too_large"

    def __init__(self) -> None:
        message = _("The request is larger than %(most)s bytes.")
        super().__init__(message % {"most": number_format(MAX_BODY, force_grouping=True)})


class LimitedJSONParser(BaseParser):
    """JSON of a limited size. It is read from the stream: Django's own limit, of 2.5 MB if a site
    has not set another, is for forms, and too little for a batch."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        body = stream.read(MAX_BODY + 1)
        if len(body) > MAX_BODY:
            raise TooLarge
        try:
            return JSONParser().parse(io.BytesIO(body), media_type, parser_context)
        except RecursionError:
            raise ParseError(_("The JSON is nested too deeply.")) from None


class CleanCharField(serializers.CharField):
    """Text as every database can store it."""

    def to_internal_value(self, data: Any) -> str:
        return super().to_internal_value(clean_text(data) if isinstance(data, str) else data)


class LanguageField(CleanCharField):
    def to_internal_value(self, data: Any) -> str:
        code: str = super().to_internal_value(data)
        if code and not LANGUAGE.fullmatch(code):
            raise serializers.ValidationError(_("Give a language's code, such as en or pt-br."))
        return code


class AddressField(CleanCharField):
    def to_internal_value(self, data: Any) -> str:
        url: str = super().to_internal_value(data)
        if url and not (web_address(url) and read_address(url)):
            message = _("Give a path that starts with a slash, or a full http(s) address.")
            raise serializers.ValidationError(message)
        return url


def published() -> str:
    return Page.Status.PUBLISHED


# Defaults are functions: constants would be in the schema, and a generated client would ask for
# fields that may be left out.
@extend_schema_serializer(component_name="PushedPage")
class PageSerializer(serializers.Serializer[Page]):
    """A page as a whole: what is left out is empty."""

    title = CleanCharField(max_length=500)
    text = CleanCharField(max_length=MAX_TEXT, allow_blank=True, default=str, trim_whitespace=False)
    url = AddressField(max_length=2000)
    language = LanguageField(max_length=35, allow_blank=True, default=str)
    section = CleanCharField(max_length=255, allow_blank=True, default=str)
    published_at = serializers.DateTimeField(allow_null=True, default=None)
    excerpt = CleanCharField(max_length=10_000, allow_blank=True, default=str)
    image_url = AddressField(max_length=2000, allow_blank=True, default=str)
    status = serializers.ChoiceField(Page.Status.values, default=published)
