"""Where the time of one request goes, measured within one process and without a server."""
