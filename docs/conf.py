"""How Sphinx builds these pages: `make docs`. They are plain Markdown and read well without it."""

project = "Related articles for newsrooms"
project_copyright = "the contributors"

extensions = ["myst_parser"]
root_doc = "index"
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = project
html_static_path = []

# Anchors as GitHub makes them, so that one link serves both; each is checked by the build.
myst_heading_anchors = 4
nitpicky = True
