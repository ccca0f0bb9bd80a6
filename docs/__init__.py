"""What people read; the tests hold it to what the product does."""
