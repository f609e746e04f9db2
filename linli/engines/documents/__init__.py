"""Documents (文书): a template and plain values in, a PDF out, the same bytes every time.

A template says how a paper looks and belongs to the city's pack. What people typed reaches it as data and stays data:
`#import` in a resident's sentence is printed as `#import`. The typeface comes along, so a server needs none.
"""

from linli.engines.documents.making import DocumentError, pdf, png

__all__ = ["DocumentError", "pdf", "png"]
