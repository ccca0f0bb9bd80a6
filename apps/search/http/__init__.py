"""HTTP views of the search app."""
