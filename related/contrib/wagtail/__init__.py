"""Pages of a Wagtail site: registered, followed, and shown their links. docs/guide/wagtail.md."""
