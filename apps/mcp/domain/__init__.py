"""Plain Python: how tools describe their arguments and answers."""
