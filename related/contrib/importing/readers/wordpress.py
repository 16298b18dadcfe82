"""WordPress exports (WXR 1.0 to 1.2): its posts become articles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from related.contrib.importing.inputs import Input
from related.contrib.importing.readers.posts import Post, Site, site_of
from related.contrib.importing.readers.xml import items_of, place
from related.contrib.importing.rows import Found, Notice, Refusal, Row, Where
from related.contrib.importing.xml_items import Head
from related.contrib.importing.xml_parsing import ItemRefusedError, read_item

# Kinds that WordPress and its best-known plugins keep for themselves: none of them is an article.
NO_ARTICLES = {
    "page",
    "attachment",
    "revision",
    "nav_menu_item",
    "custom_css",
    "customize_changeset",
}
NO_ARTICLES |= {"oembed_cache", "user_request", "wp_block", "wp_template", "wp_template_part"}
NO_ARTICLES |= {"wp_global_styles", "wp_navigation", "wp_font_family", "wp_font_face", "feedback"}
NO_ARTICLES |= {"acf-field", "acf-field-group", "wpcf7_contact_form", "elementor_library"}
NO_ARTICLES |= {"product", "product_variation", "shop_order", "shop_coupon", "jp_img_sitemap"}
# What the author has thrown away or never saved.
NO_POSTS = {"trash", "auto-draft", "inherit"}


class WordPressReader:
    """Other kinds than posts are counted and passed over. Attachments give posts their pictures;
    one that stands after its post is too late, unless ``images`` knows it already."""

    def __init__(self, images: dict[str, str] | None = None) -> None:
        """``images`` are addresses of attachments by their ids, see ``images_of``."""
        self._images = images if images is not None else {}

    def read(self, source: Input, file: str) -> Iterator[Found]:
        passed_over: Counter[str] = Counter()
        site: Site | None = None
        for found in items_of(source, file):
            if not isinstance(found, tuple):
                yield found
                continue
            head, item = found
            site = site or site_of(head)
            where = place(item, file)
            try:
                post = _post(head, item.text)
            except ItemRefusedError as refused:
                yield Refusal(where, str(refused))
                continue
            if post.kind == "attachment":
                self._images[post.key] = post.attachment_url
            if post.kind in NO_ARTICLES or post.status in NO_POSTS:
                passed_over[post.kind if post.kind in NO_ARTICLES else post.status] += 1
                continue
            yield Row(where, post.data(site, self._images))
        if passed_over:
            yield Notice(Where(0, file), _summary(passed_over))


def images_of(source: Input) -> dict[str, str]:
    """The addresses of all attachments of an export, by their ids."""
    images = {}
    for found in items_of(source, ""):
        if isinstance(found, tuple) and "attachment_url" in found[1].text:
            try:
                post = _post(found[0], found[1].text)
            except ItemRefusedError:
                continue
            if post.kind == "attachment":
                images[post.key] = post.attachment_url
    return images


def _post(head: Head, item: str) -> Post:
    post = Post(read_item(head, item)[1])
    if not post.kind and not post.status:
        raise ItemRefusedError(_("it says neither what kind of post it is nor its status"))
    return post


def _summary(passed_over: Counter[str]) -> str:
    kinds = ", ".join(
        f"{number_format(n, force_grouping=True)} × {kind}"
        for kind, n in sorted(passed_over.items())
    )
    return _("passed over, for they are no articles: %(kinds)s") % {"kinds": kinds}
