"""The site: `make docs` runs the gallery and the walk-through, and writes all of it to docs/_site."""

from __future__ import annotations

import shutil
from pathlib import Path

import kamlib

HERE = Path(__file__).parent
NOTEBOOKS = HERE.parent / "notebooks"

project = "kamlib"
version = release = kamlib.__version__
language = "en"
extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_site", "jupyter_execute", "**/.ipynb_checkpoints"]
html_theme = "pydata_sphinx_theme"
html_title = "kamlib"
# Only sections have pages to choose from; elsewhere the text takes the room.
html_sidebars = {page: [] for page in ("index", "gallery", "method", "assumptions", "ledger", "report", "notation",
                                       "confidential", "languages")}  # fmt: skip
html_show_sourcelink = False
html_show_copyright = False
html_theme_options = {
    "show_prev_next": True,
    "secondary_sidebar_items": ["page-toc"],
    "navbar_end": ["theme-switcher"],
    "show_toc_level": 2,
}

myst_heading_anchors = 3
myst_enable_extensions = ["colon_fence", "deflist"]

# What is shown was run for this very page: nothing is stored, and a cell that fails is a site that fails.
nb_execution_mode = "force"
nb_execution_timeout = 300
nb_execution_raise_on_error = True
# `-t quick` leaves the walk-through as it is, for its notebooks are run elsewhere too.
nb_execution_excludepatterns = ["walkthrough*/*"] if tags.has("quick") else []  # noqa: F821
nb_merge_streams = True

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
napoleon_numpy_docstring = True
napoleon_google_docstring = False
napoleon_use_rtype = False

# The walk-through lives where analysts open it; the site shows a copy.
for edition, folder in (("walkthrough", NOTEBOOKS), ("walkthrough_de", NOTEBOOKS / "de")):
    target = HERE / edition
    target.mkdir(exist_ok=True)
    for old in target.glob("*.ipynb"):
        old.unlink()
    for notebook in sorted(folder.glob("[0-9]*.ipynb")):
        shutil.copy2(notebook, target / notebook.name)
