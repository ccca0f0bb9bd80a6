"""Writes of ingestion: a batch is one transaction, a run is many batches with a checkpoint."""
