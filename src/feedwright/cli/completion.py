"""The scripts that complete the command line in a shell: click's, made safe for words of any kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from click.shell_completion import get_completion_class

if TYPE_CHECKING:
    from click import Command

_MENDED: Mapping[str, tuple[str, str]] = {
    # bash puts a word into the line as it is: behind an open quote too, which stays
    "bash": (
        "COMPREPLY+=($value)",
        r"""case ${COMP_WORDS[COMP_CWORD]} in
                \"*) value=$(sed 's/[\\"$`]/\\&/g' <<< "$value") ;;
                \'*) value=${value//\'/\'\\\'\'} ;;
                *) printf -v value %q "$value" ;;
            esac
            COMPREPLY+=("$value")""",
    ),
    "fish": ('split ","', 'split -m 1 ","'),
}
"""What click's scripts do with a word, and what they do instead, where a word of any kind would go wrong."""


def script(command: Command, shell: str, variable: str) -> str:
    """Return the script that completes `feedwright` in a shell, which asks in this variable."""
    completer = get_completion_class(shell)
    assert completer, shell
    source = completer(command, {}, "feedwright", variable).source()
    return source.replace(*_MENDED[shell]) if shell in _MENDED else source
