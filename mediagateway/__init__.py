"""
The composition root and the shared kernel.

Knows Django and DRF and knows no app; the URL modules name apps by dotted string only.
"""
