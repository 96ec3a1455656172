"""What lies beside a file or folder that is missing, and was probably meant."""

from __future__ import annotations

import os
from pathlib import Path

from feedwright.settings.checks import nearest


def neighbour(path: Path, *, suffix: str = "") -> str | None:
    """Return the nearest name in the folder where the path would be, with this suffix; None if none is."""
    try:
        names = [name for name in os.listdir(path.parent) if name.endswith(suffix)]
    except OSError:
        return None
    meant = nearest(path.name, names)
    return meant if meant != path.name else None
