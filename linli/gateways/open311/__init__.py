"""开放接口 Open311 — GeoReport v2, by which other people's apps file matters and read what is public. JSON and XML.

1. One register: a service request is a matter like any other, routed by the same rules, whatever app it came from.
2. It shows what the public map shows and nothing more: no reporter, no photo, no report 举报, no words beyond the title.
3. Nothing that a caller names is ever fetched: a media_url is kept as words.
"""
