"""Places in a sentence (地名识别): names from a gazetteer, and the address pieces no gazetteer holds.

"彭李街道为民社区3号楼2单元501漏水" names a township and a community we know, and a dwelling we keep as words.
"""

from linli.engines.placetext.address import AddressPiece, find_address
from linli.engines.placetext.gazetteer import Candidate, Entry, Gazetteer, Mention, Reading, spoken_names

__all__ = ["AddressPiece", "Candidate", "Entry", "Gazetteer", "Mention", "Reading", "find_address", "spoken_names"]
