"""What stands behind a border: pictures from outside."""
