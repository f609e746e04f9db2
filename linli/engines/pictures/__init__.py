"""Residents' photos (照片): decoded, turned upright, shrunk and written anew, so that nothing else travels with them.

What goes in is bytes from a stranger. What comes out is pixels we encoded ourselves: no place, time, device or owner
from EXIF or XMP, no second file hidden behind the first, no more pixels than a screen shows.
"""

from linli.engines.pictures.accept import Picture, PictureError, accept

__all__ = ["Picture", "PictureError", "accept"]
