"""短信网关 — residents who asked for it are told by text message, through any provider that takes them over HTTP.

1. Only who chose it is written to; nobody at night, nobody more often than the city says, and never after they said stop.
2. A message says a number, an office and a date: nothing of what somebody wrote, and no name. Its telephone is looked up when it is sent and kept nowhere here.
3. A message bears one mark however often it is tried, and its fate is known: sent, delivered, failed, or why it was not sent.
"""
