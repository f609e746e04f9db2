"""Every operation, a module a subject. Importing one declares its operations on `calling.api`."""

from linli.portals.openapi.operations import matters, mine, others, places, verbs

__all__ = ["matters", "mine", "others", "places", "verbs"]
