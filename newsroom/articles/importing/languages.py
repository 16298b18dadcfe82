"""The language of an imported article: an editor's word, else its row's, else its text's."""

from __future__ import annotations

from newsroom.articles.models import Article, LanguageBasis


def settle_language(article: Article, named: str | None, *, is_new_text: bool) -> None:
    """Set the language; what an editor set stays, whatever rows and texts say later.

    Args:
        named: the language that the row names.
        is_new_text: whether the title or the body changed, so that another guess makes sense.
    """
    if article.language_basis == LanguageBasis.EDITOR:
        return
    if named:
        article.language, article.language_basis = named, LanguageBasis.GIVEN
        return
    is_guess = article.language_basis in {LanguageBasis.TEXT, LanguageBasis.UNSURE}
    if not article.language or (is_guess and is_new_text):
        article.guess_language()
