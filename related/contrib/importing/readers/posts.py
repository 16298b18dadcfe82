"""One post of a WordPress export -> the keys of a row."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

from related.contrib.importing.cleaning import (
    absolute_links,
    as_text,
    joined,
    language_code,
    one_line,
    short_names,
    title_or_opening,
)
from related.contrib.importing.dates import is_no_date, parse_date
from related.contrib.importing.identity import identity, shortened
from related.contrib.importing.wordpress_text import article_html
from related.contrib.importing.xml_items import Head
from related.contrib.importing.xml_parsing import ItemRefusedError, read_item

# A status that is not here, or none, never becomes public.
STATUSES = {"publish": "published", "future": "scheduled"}
_TAG_DOMAINS = {"post_tag", "tag"}
_DEFAULT_CATEGORY = "uncategorized"  # its slug, in whatever language its name is

_NUMBER_IN_GUID = re.compile(r"[?&](?:p|page_id)=(\d+)")


@dataclass
class Site:
    """What an export says of its site."""

    url: str = ""
    language: str = ""
    authors: dict[str, str] = field(default_factory=dict)  # login -> name to show


def site_of(head: Head) -> Site:
    """The site of an export; what a damaged head does not tell stays empty."""
    closing = "".join(f"</{tag[1:].split()[0].rstrip('>')}>" for tag in reversed(head.open_tags))
    try:
        root = read_item(Head(), head.text + closing)[1]
    except ItemRefusedError:
        return Site()
    facts: dict[str, str] = {}
    authors: dict[str, str] = {}
    for element in root.iter():
        if local(element.tag) == "author":
            each = {local(child.tag): one_line(child.text or "") for child in element}
            if login := each.get("author_login"):
                authors[login] = each.get("author_display_name") or login
        facts.setdefault(local(element.tag), one_line(element.text or ""))
    url = facts.get("base_blog_url") or facts.get("link") or ""
    return Site(url.rstrip("/"), language_code(facts.get("language")), authors)


def local(tag: object) -> str:
    """The name of an element without its name space; "" for a comment."""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


class Post:
    """One ``<item>``, whatever the version of the export: only local names count, and of elements
    with a prefix only those of WordPress' own name spaces."""

    def __init__(self, root: Element) -> None:
        items = [element for element in root.iter() if element.tag == "item"]
        self._item = items[0] if items else root
        self.kind = self._wp("post_type")
        self.status = self._wp("status")
        self.key = self._wp("post_id")
        self.attachment_url = joined("", self._wp("attachment_url"))

    def data(self, site: Site, images: dict[str, str]) -> dict[str, Any]:
        """The row of this post; ``images`` are addresses of attachments by their ids."""
        url = joined(site.url, self._plain("link"))
        status = "draft" if self._wp("post_password") else STATUSES.get(self.status, "draft")
        section, tags = self._terms()
        body = article_html(self._encoded("content"))
        login = self._named("creator", "purl.org/dc/")
        data = {
            "id": self._id(site, url),
            "title": title_or_opening(self._plain("title"), body),
            "body": absolute_links(body, url or site.url),
            "excerpt": as_text(article_html(self._encoded("excerpt"))),
            "published_at": self._date(status),
            "section": section,
            "tags": tags,
            "language": site.language,
            "url": url if len(url) <= 1000 else "",
            "authors": short_names([site.authors.get(login, login)]),
            "image_url": images.get(self._meta("_thumbnail_id"), ""),
            "status": status,
        }
        return {key: value for key, value in data.items() if value}

    def _id(self, site: Site, url: str) -> str:
        """The guid, as feeds have it too; but not one that names another post: where a site was
        moved into another, two posts can have it."""
        guid = one_line(self._plain("guid"))
        named = _NUMBER_IN_GUID.search(guid)
        if guid and not guid.isdecimal() and (not named or not self.key or named[1] == self.key):
            return shortened(guid)
        name = self.key or guid
        # As WordPress itself writes a guid.
        return f"{site.url}/?p={name}" if name and site.url else identity(name, url)

    def _date(self, status: str) -> str:
        """In UTC where the export has it; a draft's is when it was begun, so it has none."""
        written = [(self._wp("post_date_gmt"), "Z"), (self._wp("post_date"), "")]
        if status == "draft" and is_no_date(written[0][0]):
            return ""
        for value, zone in [*written, (self._plain("pubDate"), "")]:
            if not is_no_date(value) and (moment := parse_date(value + zone)):
                return moment.isoformat()
        return ""

    def _terms(self) -> tuple[str, list[str]]:
        """The first category is the section; other categories and the tags are tags."""
        categories, tags = [], []
        for element in self._item.findall("category"):
            domain = element.get("domain", "category")
            name = one_line(element.text or "")
            if domain in _TAG_DOMAINS:
                tags.append(name)
            elif (
                domain == "category"
                and (element.get("nicename") or name.lower()) != _DEFAULT_CATEGORY
            ):
                categories.append(name)
        sections = short_names(categories)
        return (sections[0] if sections else ""), short_names([*sections[1:], *tags])

    def _plain(self, name: str) -> str:
        return (self._item.findtext(name) or "").strip()

    def _wp(self, name: str) -> str:
        return self._named(name, "wordpress.org/export/").strip()

    def _encoded(self, kind: str) -> str:
        return self._named("encoded", f"/{kind}/")

    def _named(self, name: str, space: str) -> str:
        """The text of the first child of this name in a name space with these words."""
        for child in self._item:
            if isinstance(child.tag, str) and child.tag.endswith("}" + name) and space in child.tag:
                return child.text or ""
        return ""

    def _meta(self, key: str) -> str:
        for child in self._item:
            if isinstance(child.tag, str) and child.tag.endswith("}postmeta"):
                texts = {each.tag.rpartition("}")[2]: each.text or "" for each in child}
                if texts.get("meta_key") == key:
                    return texts.get("meta_value", "").strip()
        return ""
