"""Rate limits: the table's groups by path, subjects, moving windows, and what admins override at run time."""
