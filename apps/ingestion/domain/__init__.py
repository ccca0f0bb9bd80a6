"""What ingestion knows without a database: reading feeds' words, telling works apart, folding records into titles."""
