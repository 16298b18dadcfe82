"""Archives into the newsroom's articles: ``articles`` says which value goes where, ``sections``
finds sections and tags, ``languages`` guesses a language. The plugin reads the files."""
