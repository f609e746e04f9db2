"""查日志 — where an auditor begins: a matter by its number, who looked at whose identity, and the latest seals."""
