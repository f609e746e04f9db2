"""五个机制 — what happened, by which rule, where, who may, what next: the only shared machinery of the apps."""
