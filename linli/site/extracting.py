"""What of Django's own templates is to be translated, for bin/messages: Babel reads our Jinja and Python, not these."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import IO

_WORDS = re.compile(
    r'{%\s*translate "([^"]+)"\s*%}|{%\s*blocktranslate[^%]*%}(.*?){%\s*endblocktranslate\s*%}', re.DOTALL
)
_NAME = re.compile(r"{{\s*(\w+)\s*}}")

Message = tuple[int, str, str, list[str]]


def messages(
    file: IO[bytes], keywords: Mapping[str, object], comment_tags: Sequence[str], options: Mapping[str, str]
) -> Iterator[Message]:
    """Line, function, words, comments, as Babel asks: {% translate "…" %} and {% blocktranslate %}…{{ name }}…."""
    del keywords, comment_tags, options
    text = file.read().decode()
    for found in _WORDS.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        yield line, "gettext", found[1] or _NAME.sub(r"%(\1)s", found[2]), []
