"""Settings of the deployment kinds (dev, test, prod) and the table of process groups."""
