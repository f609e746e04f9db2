"""What is stored of a matter, and the constraints the database keeps: one module for each subject."""

from linli.work.matters.models.disputes import Approval, Carry, Objection
from linli.work.matters.models.exclusions import Draw, Exclusion, Sample, SecondLook
from linli.work.matters.models.matter import Channel, DayBase, Matter, Submission, Visibility
from linli.work.matters.models.papers import Attachment, Photo, Remark
from linli.work.matters.models.privacy import Clearing, Erasure, Hold
from linli.work.matters.models.reporters import Consent, Contact, Means, Support
from linli.work.matters.models.supervision import Appeal, Appealable, Card, Visit
from linli.work.matters.models.together import CoHandler, Merge

__all__ = [
    "Appeal",
    "Appealable",
    "Approval",
    "Attachment",
    "Card",
    "Carry",
    "Channel",
    "Clearing",
    "CoHandler",
    "Consent",
    "Contact",
    "DayBase",
    "Draw",
    "Erasure",
    "Exclusion",
    "Hold",
    "Matter",
    "Means",
    "Merge",
    "Objection",
    "Photo",
    "Remark",
    "Sample",
    "SecondLook",
    "Submission",
    "Support",
    "Visibility",
    "Visit",
]
