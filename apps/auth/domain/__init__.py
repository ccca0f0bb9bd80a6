"""Plain rules of identity: no Django in here."""
