"""Papers (附件): documents from a stranger's or an official's hand, told by their contents and refused if they can act.

PDF, Word (docx), Excel (xlsx) and photographs. A name and a declared type are never believed; what carries a macro, a
script or another file is refused with a sentence that says what to do instead.
"""

from linli.engines.papers.accept import Paper, PaperError, accept

__all__ = ["Paper", "PaperError", "accept"]
