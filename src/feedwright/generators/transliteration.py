"""Letters of all scripts in ASCII; the door to `text_unidecode`."""

from __future__ import annotations

# Unidecode's licence is stricter; these are its letters in common use that text_unidecode writes otherwise.
_AS_UNIDECODE = {"し": "shi", "ち": "chi", "っ": "tsu", "つ": "tsu", "シ": "shi", "チ": "chi", "ッ": "tsu"}
_AS_UNIDECODE |= {"ツ": "tsu", "ー": "-", "Є": "Ie"}


def transliterate(character: str) -> str:
    """Return a character in ASCII as Unidecode has it, "" where it has none."""
    if character.isascii():
        return character
    from text_unidecode import unidecode

    letters: str = _AS_UNIDECODE.get(character) or unidecode(character)
    return "" if letters.startswith("[?]") else letters
