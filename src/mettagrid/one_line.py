"""Words of others as one line for people."""


def one_line(text: str, most: int = 300) -> str:
    """The text without line breaks and without characters that steer a terminal, cut to `most` characters."""
    plain = "".join(letter if letter.isprintable() else " " for letter in text[: 4 * most])
    return " ".join(plain.split())[:most]
