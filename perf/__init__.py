"""Load and profile the product: a harness beside it, imported by nothing."""
