"""How well search finds what people mean."""
