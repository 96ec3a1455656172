"""Files that a site keeps beside its settings: `.gitattributes`, and the recipes for CI in `topics`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pkgutil import get_data

from feedwright.site import RECORD_NAME

CI_FILES: Mapping[str, str] = {"github": ".github/workflows/feeds.yml", "gitlab": ".gitlab-ci.yml"}
"""The recipes by name, and the file of each below the root of a repository."""

_STEPS: Mapping[str, tuple[str, str]] = {
    "github": ("      - run: {}\n", "      # then deploy {}/\n"),
    "gitlab": ("    - {}\n", "    # then deploy {}/\n"),
}
"""The lines that build a site, and that say what is to be deployed."""


def git_attributes(output: str = "feeds", record: str = "") -> Sequence[str]:
    """Return the lines of `.gitattributes` for an output folder, and a record that is not in it."""
    beside = f"{record} -text linguist-generated" if record else f"{output}/{RECORD_NAME} merge"
    return f"{output}/** -text -merge linguist-generated", beside


def ci_recipe(name: str, *, command: str = "", site_root: str = "", commit: str = "feeds") -> str:
    """Return the text of a recipe.

    For a site of a generator: the `command` that builds it, the folder that is then deployed, and what is
    committed of ours.
    """
    text = (get_data("feedwright.commands", f"topics/{name}.yml") or b"").decode()
    generate, deploy = (step.format(word) if word else "" for step, word in _rows(name, command, site_root))
    return text.replace("{generate}", generate).replace("{commit}", commit).replace("{deploy}", deploy)


def _rows(name: str, command: str, site_root: str) -> Sequence[tuple[str, str]]:
    return [*zip(_STEPS[name], (command, site_root), strict=True)]
