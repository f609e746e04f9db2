"""领导页 — one page: what is open, overdue and solved, and where; every figure is a link to its list and its definition."""
