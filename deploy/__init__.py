"""How the product is run: the image, manifests for each kind of place, and the proofs that they work."""
