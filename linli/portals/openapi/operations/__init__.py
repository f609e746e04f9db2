"""Every operation, a module a subject. Importing one declares its operations on `calling.api`."""

from linli.portals.openapi.operations import beside, doings, lists, matters, mine, others, places, verbs

__all__ = ["beside", "doings", "lists", "matters", "mine", "others", "places", "verbs"]
