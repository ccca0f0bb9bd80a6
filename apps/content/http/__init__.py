"""HTTP views of the content app."""
